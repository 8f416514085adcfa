import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageVersion } from '../cli/version.ts';
import type { WrapOptions } from '../cli/world.ts';
import type { ValueSealer } from '../gateway/audit/audit-ports.ts';
import { Flight } from '../gateway/flight.ts';
import type { Gate, Standing } from '../gateway/gate.ts';
import { DEFAULT_LIMITS } from '../gateway/limits.ts';
import { tellListsChanged } from '../gateway/news.ts';
import { PinBooks } from '../gateway/pins/pin-books.ts';
import { Session } from '../gateway/session.ts';
import { SharedTools } from '../gateway/shared-tools.ts';
import { StdioFront, serveStdio } from '../inbound/stdio-front.ts';
import { argumentPrivacy } from '../settings/argument-privacy.ts';
import type { ServerWord } from '../settings/known-server-of.ts';
import { loadSettings } from '../settings/load.ts';
import type { NamedPolicy } from '../settings/named-policy.ts';
import { loadPolicyFile } from '../settings/policy-file.ts';
import { problemLines } from '../settings/problem.ts';
import { DEFAULT_APPROVALS } from '../settings/question-bounds.ts';
import type { Settings } from '../settings/settings.ts';
import { stampOf } from '../settings/stamp.ts';
import { watchFiles } from '../settings/watch.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { classifiers } from './classifier.ts';
import { systemClock } from './clock.ts';
import { introducePeople, markFor } from './people.ts';
import { type AskingInForce, QuestionOffice } from './question-office.ts';
import type { Terminal } from './serve.ts';
import { untilStopped } from './signals.ts';
import { checkpointsBy } from './signing-keys.ts';
import { ruleTextIn } from './standings.ts';
import { systemCrypto } from './system-crypto.ts';
import { takeValueKeys } from './take-value-keys.ts';
import { targetUpstream } from './target-upstream.ts';
import { ValueVault } from './value-keys.ts';
import { wrapServerName } from './wrap-server-name.ts';

const LOOK_EVERY_MS = 250;
const SWEEP_EVERY_MS = 1_000;
/** The client beside us has time-outs of its own; ours only keeps a forgotten call from waiting for ever. */
const TIMEOUT_MS = 3_600_000;

/** Stands between one client and one server over stdio until either side ends. Gives the exit code. */
export async function wrap(options: WrapOptions, terminal: Terminal): Promise<number> {
  const log = (line: string): void => terminal.stderr.write(`toolgate: ${line}\n`);
  const watched = { path: options.policy, stamp: await stampOf(options.policy) };
  const loaded = await loadPolicyFile(options.policy);
  if (loaded.kind === 'problems') {
    terminal.stderr.write(problemLines(loaded.problems));
    return 1;
  }
  const asking = await askingOf(options.config, terminal);
  if (asking === undefined) return 1;
  const { name: server, identity } = wrapServerName(options);
  const clock = systemClock();
  const checkpoints = checkpointsBy(options.data, asking.settings?.audit.checkpoints);
  const vault = new ValueVault();
  const sealer = (): ValueSealer | undefined => vault.sealer();
  const store = await openSqliteStore({
    folder: options.data,
    sync: 'interval',
    clock,
    onFault: log,
    checkpoints,
    sealer,
  });
  if (asking.settings !== undefined) await introducePeople(store, asking.settings, log);
  let standing = standingFor(options.grant, loaded.policy);
  const crypto = systemCrypto(options.data);
  if (asking.settings !== undefined) {
    const parts = { folder: options.data, vault, store: store.kept, clock, crypto, log };
    await orClose(takeValueKeys(parts, asking.settings), store);
  }
  const classifierFor = classifiers();
  const word = wordOf(options, server, asking.settings);
  const pins = new PinBooks({
    store,
    clock,
    crypto,
    log,
    mode: () => 'hold',
    classifier: () => classifierFor(word),
    onChange: () => onPinsChange(),
  });
  let onPinsChange = (): void => {};
  const stopLooking = pins.watch(LOOK_EVERY_MS);
  let known: ReadonlyMap<string, string> = await store.tokenHashes();
  const office = new QuestionOffice({
    clock,
    crypto,
    store,
    localUser: userName(),
    personNamed: (name) => asking.settings?.people.get(name),
    // Without a configuration of its own it takes nobody's word but the local user's: others could make people known to the folder.
    markOf: (name) => (asking.settings === undefined ? undefined : markFor(asking.settings, known, name)),
    hasPeople: () => (asking.settings?.people.size ?? 0) > 0,
    inForce: () => asking,
    log,
  });
  const gate: Gate = {
    clock,
    crypto,
    store,
    version: packageVersion(),
    standing: () => standing,
    whyNone: () => 'There is no policy.',
    pins: () => pins.of(identity),
    flight: new Flight(),
    approvals: office.book,
    approvalSettings: () => office.settings(),
    shared: new SharedTools(),
    limits: () => DEFAULT_LIMITS,
    audit: () => ({ holdReply: false }),
    privacy: asking.privacy,
    log,
  };
  office.start();
  const sweep = async (): Promise<void> => {
    await office.sweep();
    known = await store.tokenHashes().catch(() => known);
  };
  const sweeper = setInterval(() => void sweep(), SWEEP_EVERY_MS);
  const upstream = targetUpstream(options.target, {
    env: terminal.env,
    onLog: log,
    onChildLog: (line) => terminal.stderr.write(`${line}\n`),
  });
  let over = (_reason: string): void => {};
  const ended = new Promise<string>((resolve) => {
    over = resolve;
  });
  const front = new StdioFront(process.stdout, (reason) => over(reason));
  const session = new Session(gate, {
    grant: options.grant,
    server,
    upstream,
    front,
    era: 'first message',
    timeoutMs: TIMEOUT_MS,
    idleMs: Number.POSITIVE_INFINITY,
    onEnd() {},
  });
  onPinsChange = () => {
    session.tools.forget();
    tellListsChanged(session, ['tools']);
  };
  let turn = Promise.resolve();
  const stopWatching = watchFiles(
    () => [watched],
    LOOK_EVERY_MS,
    () => {
      // One after the other, so that the file as it is last wins.
      turn = turn.then(async () => {
        const policy = await reload(options, log, terminal).catch((fault: Error) => {
          log(`the changed policy could not be read (${fault.message}): the last good one stays in force`);
          return undefined;
        });
        if (policy === undefined) return;
        const { policyName: name, policyDigest: before } = standing;
        standing = standingFor(options.grant, policy);
        await office
          .policiesChanged(before === policy.digest ? [] : [{ name, before, after: policy.digest, by: 'file' }])
          .catch((fault: Error) => log(`that the policy changed is not on record: ${fault.message}`));
        tellListsChanged(session, ['tools', 'resources', 'prompts']);
      });
    },
  );
  const why = await Promise.race([
    serveStdio(session, front, process.stdin, DEFAULT_LIMITS.lineBytes).then(() => ({
      code: 0,
      reason: 'the client closed its side',
    })),
    ended.then((reason) => ({ code: 1, reason })),
    untilStopped().then(async (signal) => {
      // What is under way may come to its end; nothing new is taken meanwhile.
      await Promise.race([gate.flight.stop(), sleep(DEFAULT_LIMITS.drainMs, undefined, { ref: false })]);
      return { code: 0, reason: signal };
    }),
  ]);
  stopWatching();
  stopLooking();
  process.stdin.destroy();
  if (why.code !== 0) log(why.reason);
  clearInterval(sweeper);
  await session.end(why.reason);
  await upstream.close();
  await office.close();
  await store.close();
  return why.code;
}

/** What cannot be begun leaves nothing open. */
async function orClose(beginning: Promise<void>, store: { close(): Promise<void> }): Promise<void> {
  try {
    await beginning;
  } catch (fault) {
    await store.close();
    throw fault;
  }
}

type Asking = AskingInForce & { readonly settings: Settings | undefined };

/** How people are asked; undefined when the configuration that says it is broken, which was told. */
async function askingOf(config: string | undefined, terminal: Terminal): Promise<Asking | undefined> {
  if (config === undefined)
    return { approvals: DEFAULT_APPROVALS, hooks: new Map(), privacy: () => 'redacted', settings: undefined };
  const loaded = await loadSettings(config, terminal.env);
  if (loaded.kind === 'settings') {
    const { settings } = loaded;
    const { approvals, hooks } = settings;
    const privacy: Asking['privacy'] = (server, tool) => argumentPrivacy(settings, server, tool);
    return { approvals, hooks, privacy, settings };
  }
  terminal.stderr.write(problemLines(loaded.problems));
  return undefined;
}

/** What is said of the server on the command line, and in the configuration under the same name. */
function wordOf({ target }: WrapOptions, name: string, settings: Settings | undefined): ServerWord {
  const command = target.kind === 'command' ? target.command : undefined;
  return { name, catalogue: settings?.servers.get(name)?.catalogue, command };
}

function standingFor(grant: string, named: NamedPolicy): Standing {
  return {
    grant: { name: grant, owner: userName(), labels: {} },
    policies: { policy: named.policy, baseline: undefined },
    policyName: named.name,
    policyDigest: named.digest,
    baselineDigest: undefined,
    ruleText: ruleTextIn({ policy: named, baseline: undefined }),
    classes: new Map(),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'local';
  }
}

async function reload(
  options: WrapOptions,
  log: (line: string) => void,
  terminal: Terminal,
): Promise<NamedPolicy | undefined> {
  const loaded = await loadPolicyFile(options.policy);
  if (loaded.kind === 'policy') {
    log(`took up the changed policy ${options.policy}`);
    return loaded.policy;
  }
  terminal.stderr.write(problemLines(loaded.problems));
  log('the changed policy is broken: the last good one stays in force');
  return undefined;
}
