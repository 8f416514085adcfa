/** A server as a `server.json` of the registry describes it (schema 2025-12-11). Every text in it is its author's. */
export interface RegistryServer {
  /** `io.github.somebody/weather`. */
  readonly name: string;
  readonly version: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly repository: string | undefined;
  readonly packages: readonly RegistryPackage[];
  readonly remotes: readonly RegistryRemote[];
}

export interface RegistryPackage {
  readonly pointer: string;
  readonly registryType: string;
  readonly registryBaseUrl: string | undefined;
  readonly identifier: string;
  readonly version: string | undefined;
  readonly fileSha256: string | undefined;
  readonly runtimeHint: string | undefined;
  readonly transport: string;
  readonly runtimeArguments: readonly RegistryArgument[];
  readonly packageArguments: readonly RegistryArgument[];
  readonly environment: readonly RegistryInput[];
}

export interface RegistryRemote {
  readonly pointer: string;
  readonly type: string;
  readonly url: string;
  readonly headers: readonly RegistryInput[];
  readonly variables: ReadonlyMap<string, RegistryInput>;
}

export interface RegistryInput {
  readonly pointer: string;
  /** By which `--set` names it. */
  readonly key: string;
  readonly value: string | undefined;
  readonly default: string | undefined;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  readonly format: string;
  readonly choices: readonly string[];
  readonly variables: ReadonlyMap<string, RegistryInput>;
}

export interface RegistryArgument extends RegistryInput {
  /** With its dashes; undefined for one that stands by itself. */
  readonly flag: string | undefined;
}
