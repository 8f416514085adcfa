import { quoted } from '../../policy/problem.ts';
import { packageWords, type Word } from './arguments.ts';
import { type Part, text } from './part.ts';
import { isExactVersion, notExact } from './read-registry-server.ts';
import type { RegistryArgument, RegistryInput, RegistryPackage } from './registry-server.ts';
import { type Filling, filledIn, resolveInput } from './resolve-input.ts';

export interface PackageCommand {
  readonly words: readonly Word[];
  readonly environment: ReadonlyMap<string, readonly Part[]>;
}

interface Kind {
  readonly runner: string;
  /** Where packages of this kind come from; elsewhere the same name is another program. */
  readonly registry: readonly string[];
  readonly identifier: RegExp;
  readonly version: RegExp;
  words(name: string, own: readonly Word[]): readonly Word[];
}

const SEMVER = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** Kinds of packages that a runner fetches by name and exact version. */
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  [
    'npm',
    {
      runner: 'npx',
      registry: ['https://registry.npmjs.org'],
      identifier: /^(?:@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*$/,
      version: SEMVER,
      words: (name, own) => [[text('npx')], [text('-y')], [text(name)], ...own],
    },
  ],
  [
    'pypi',
    {
      runner: 'uvx',
      registry: ['https://pypi.org', 'https://pypi.org/simple'],
      identifier: /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/,
      version: /^(?:\d+!)?\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?(?:\+[a-z0-9.]+)?$/i,
      words: (name, own) => [[text('uvx')], [text(name)], ...own],
    },
  ],
  [
    'nuget',
    {
      runner: 'dnx',
      registry: ['https://api.nuget.org', 'https://api.nuget.org/v3/index.json'],
      identifier: /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/,
      version: /^\d+(?:\.\d+){1,3}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/,
      words: (name, own) => [[text('dnx')], [text(name)], [text('--yes')], [text('--')], ...own],
    },
  ],
]);

/** What a runner's own options may say here. Others choose what is run, or let it at more of this machine. */
const RUNTIME: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['npx', new Set(['-y', '--yes'])],
  ['uvx', new Set(['--quiet', '-q'])],
  ['dnx', new Set(['--yes', '-y'])],
  ['docker', new Set(['run', '-i', '--interactive', '--rm', '--init'])],
]);

/** `host/owner/image:tag`, or pinned by a digest. */
const IMAGE =
  /^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?<digest>@sha256:[0-9a-f]{64})?$/;

/** Variables by which a runner, or the loader of programs, is told to run something else. */
const TAKES_OVER =
  /^(?:PATH|HOME|IFS|ENV|BASH_ENV|SHELL|NODE_OPTIONS|NODE_PATH|PYTHON(?:PATH|HOME|STARTUP|WARNINGS|INSPECT|USERBASE|EXECUTABLE|BREAKPOINT|PLATLIBDIR)|PERL5(?:LIB|OPT)|RUBY(?:LIB|OPT)|_?JAVA(?:_TOOL)?_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|GIT_.*|LD_.*|DYLD_.*|npm_config_.*|UV_.*|PIP_.*|DOCKER_.*|DOTNET_.*|COMPLUS_.*|CORECLR_.*|NUGET_.*|SSL_CERT_.*|OPENSSL_.*|(?:CURL|REQUESTS)_CA_BUNDLE|XDG_CONFIG_.*|USERPROFILE|(?:LOCAL)?APPDATA|YARN_.*|BUN_.*|COREPACK_.*|GCONV_PATH|https?_proxy|all_proxy|NODE_EXTRA_CA_CERTS|NODE_TLS_REJECT_UNAUTHORIZED)$/i;

/** The command that runs a package. What is in the way is told to `filling`; undefined where nothing can be proposed. */
export function packageCommand(filling: Filling, found: RegistryPackage): PackageCommand | undefined {
  const { registryType, transport, pointer } = found;
  if (transport !== 'stdio') {
    const how =
      transport === '' ? 'does not say how it is spoken to' : `listens by ${transport} itself once it is started`;
    return no(filling, `${pointer}: the package ${how}; start it yourself, and write its "url" into the configuration`);
  }
  if (registryType === 'oci') return imageCommand(filling, found);
  if (registryType === 'mcpb') return noBundle(filling, found);
  const kind = KINDS.get(registryType);
  if (kind === undefined) {
    const why =
      registryType === 'cargo'
        ? 'is built before it is run: cargo install it'
        : 'is of no kind that is known here: install it';
    return no(
      filling,
      `${pointer}: the ${quoted(registryType)} package ${why} yourself, and write its command into the configuration`,
    );
  }
  const { registryBaseUrl, identifier, version, runtimeHint } = found;
  if (registryBaseUrl !== undefined && !kind.registry.includes(registryBaseUrl.replace(/\/$/, ''))) {
    fault(
      filling,
      `${pointer}: it comes from ${quoted(registryBaseUrl)}, and ${kind.runner} would look for that name in ${kind.registry[0]}`,
    );
  }
  if (!kind.identifier.test(identifier) || identifier.length > 214) {
    fault(filling, `${pointer}: ${quoted(identifier)} is no name of a package of ${registryType}`);
  }
  if (version === undefined)
    fault(filling, `${pointer}: the package has no version, and would be another one tomorrow`);
  else if (!isExactVersion(version) || !kind.version.test(version)) fault(filling, `${pointer}: ${notExact(version)}`);
  checkHint(filling, pointer, runtimeHint, kind.runner);
  checkRuntime(filling, kind.runner, found.runtimeArguments);
  const words = kind.words(`${identifier}@${version}`, packageWords(filling, found.packageArguments));
  return { words, environment: environmentOf(filling, found.environment) };
}

/** In a container only those variables exist that are named to it; their values come from the client's own environment. */
function imageCommand(filling: Filling, found: RegistryPackage): PackageCommand {
  const { identifier, pointer, registryBaseUrl, runtimeHint } = found;
  const groups = IMAGE.exec(identifier)?.groups;
  if (groups === undefined)
    fault(filling, `${pointer}: ${quoted(identifier)} is no image such as ghcr.io/owner/image:1.0.0`);
  else if (groups['digest'] === undefined) {
    const { tag } = groups;
    if (tag === undefined || !/\d/.test(tag)) {
      fault(
        filling,
        `${pointer}: ${quoted(identifier)} names no version; a tag with a version, or @sha256:…, is needed`,
      );
    } else {
      filling.warnings.push(`the tag of ${identifier} can be pointed at another image; @sha256:… in its place cannot`);
    }
  }
  if (registryBaseUrl !== undefined && !identifier.startsWith(`${registryBaseUrl.replace(/^https:\/\//, '')}/`)) {
    fault(filling, `${pointer}: the image is named without its registry ${quoted(registryBaseUrl)}`);
  }
  checkHint(filling, pointer, runtimeHint, 'docker');
  const environment = new Map(environmentOf(filling, found.environment));
  const others: RegistryArgument[] = [];
  for (const argument of found.runtimeArguments) {
    if (argument.flag === '-e' || argument.flag === '--env') setForImage(filling, argument, environment);
    else others.push(argument);
  }
  checkRuntime(filling, 'docker', others);
  const names = [...environment.keys()].flatMap((name): readonly Word[] => [[text('-e')], [text(name)]]);
  const own = packageWords(filling, found.packageArguments);
  const start = ['docker', 'run', '-i', '--rm'].map((word): Word => [text(word)]);
  return { words: [...start, ...names, [text(identifier)], ...own], environment };
}

/** `-e NAME=value` becomes a variable of the entry: its value is then no argument that others can read. */
function setForImage(filling: Filling, argument: RegistryArgument, environment: Map<string, readonly Part[]>): void {
  const whole = argument.value ?? argument.default;
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(whole ?? '') ?? [];
  if (name === undefined || value === undefined) {
    fault(filling, `${argument.pointer}: the option -e must be given as NAME=value`);
    return;
  }
  if (takesOver(filling, argument.pointer, name)) return;
  environment.set(name, filledIn(filling, { ...argument, key: name }, value, argument.variables));
}

function noBundle(filling: Filling, { identifier, fileSha256, pointer }: RegistryPackage): undefined {
  if (fileSha256 === undefined || !/^[0-9a-f]{64}$/i.test(fileSha256)) {
    return no(
      filling,
      `${pointer}: a bundle (mcpb) must come with its fileSha256, or nobody can tell what was fetched`,
    );
  }
  const steps =
    'fetch it yourself, compare its SHA-256, unpack it, and write the command of its manifest into the configuration';
  return no(
    filling,
    `${pointer}: a bundle (mcpb) is not run by a command: ${steps}. It is ${quoted(identifier)}, SHA-256 ${fileSha256}`,
  );
}

function checkHint(filling: Filling, pointer: string, hint: string | undefined, runner: string): void {
  if (hint !== undefined && hint !== runner) {
    fault(filling, `${pointer}: it asks to be run by ${quoted(hint)}; packages of its kind are run by ${runner} here`);
  }
}

/** Those that are allowed stand in the command anyway, or change nothing. */
function checkRuntime(filling: Filling, runner: string, given: readonly RegistryArgument[]): void {
  const allowed = RUNTIME.get(runner) ?? new Set();
  for (const { flag, value, pointer } of given) {
    const word = flag ?? value ?? '';
    if (allowed.has(word) && (flag === undefined || value === undefined || value === 'true')) continue;
    fault(
      filling,
      `${pointer}: ${quoted(word)} for ${runner} is not taken over: it can choose what is run, or what of this machine it reaches; write the entry by hand if it is meant`,
    );
  }
}

function environmentOf(filling: Filling, inputs: readonly RegistryInput[]): ReadonlyMap<string, readonly Part[]> {
  const environment = new Map<string, readonly Part[]>();
  for (const input of inputs) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(input.key)) {
      fault(filling, `${input.pointer}: ${quoted(input.key)} is no name for a variable of the environment`);
      continue;
    }
    if (takesOver(filling, input.pointer, input.key)) continue;
    const value = resolveInput(filling, input);
    if (value !== undefined) environment.set(input.key, value);
  }
  return environment;
}

function takesOver(filling: Filling, pointer: string, name: string): boolean {
  if (!TAKES_OVER.test(name)) return false;
  fault(filling, `${pointer}: ${name} changes what the runner itself does; write the entry by hand if it is meant`);
  return true;
}

function fault(filling: Filling, message: string): void {
  filling.faults.push(message);
}

function no(filling: Filling, message: string): undefined {
  filling.faults.push(message);
  return undefined;
}
