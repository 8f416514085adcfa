import type { AttackStep } from '../catalogue/attack-run.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Agent } from './agent.ts';
import type { Fields } from './conversation.ts';
import type { OpenServer } from './played-server.ts';

/** An attack that can be carried out: the servers, the doings of everybody, and what counts as harm. */
export interface Scenario {
  /** By their roles; `main` is the one that the agent speaks with. */
  readonly servers: { readonly main: OpenServer; readonly [role: string]: OpenServer };
  /** How the servers are reached from the gate; `command` where nothing is said. */
  readonly reached?: 'command' | 'http';
  /** How a server over HTTP reads what it is sent; as JSON.parse where nothing is said. */
  readonly read?: (body: string) => Fields;
  /** What is in force in the run that is to succeed; an open policy and no pins where nothing is said. */
  readonly without?: { readonly policy?: JsonObject; readonly between?: string };
  /** Everything that is done, the same in both runs. */
  play(stage: Stage): Promise<void>;
  /** The harm that was done, in words. */
  harm(seen: Seen): string | undefined;
  /** What stopped it, where nobody was refused anything. */
  stopped?(seen: Seen): string | undefined;
}

/** What can be seen when all is done. */
interface Seen {
  /** Of the servers' own records: `called: NAME ARGUMENTS` and `did: WHAT`. */
  readonly record: readonly string[];
  /** All that the agent was told, in lists and answers. */
  readonly heard: string;
}

export type Side = 'without' | 'with';

/** What a scenario plays on. */
export interface Stage {
  readonly side: Side;
  /** A new session of the agent, as the grant that is judged by the policy; or as `owner`, whose policy is open; or at another address. */
  connect(how?: { readonly as?: 'agent' | 'owner'; readonly at?: string }): Promise<Agent>;
  /** Where the gate has a server, and the agent's token there. */
  address(role: string): string;
  readonly token: string;
  /** Where a server over HTTP really is. */
  behind(role: string): string;
  /** From now on this is what the server's author has published. */
  publish(release: string): void;
  /** Somebody writes another package into the gate's configuration. */
  install(name: string): Promise<void>;
  /** Starts something that listens, and ends it when all is done. */
  opened<T extends { close(): Promise<void> }>(listening: Promise<T>): Promise<T>;
  /** A person says yes to the newest question that waits. */
  approve(): Promise<void>;
  /** The servers' record so far. */
  record(): readonly string[];
  /** Somebody else calls a tool with a token that they came by. */
  redeem(url: string, token: string, tool: string, args: Fields): Promise<void>;
  /** Asks the gate's own API. */
  api(path: string, token: string, body?: Fields): Promise<{ readonly status: number; readonly body: Fields }>;
  /** Tells what was done beside the agent's own calls, and what came back. */
  tell(who: AttackStep['who'], does: string, answer?: string): void;
  /** Tells what refused. */
  stopped(by: string): void;
}
