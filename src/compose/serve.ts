import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { makePages } from '../admin/make-pages.ts';
import { packageVersion } from '../cli/version.ts';
import type { ServeOptions, World } from '../cli/world.ts';
import { Exports } from '../export/exports.ts';
import type { ValueSealer } from '../gateway/audit/audit-ports.ts';
import type { AuditDesk } from '../gateway/audit/find/audit-desk.ts';
import { isLoopbackAddress } from '../inbound/guard.ts';
import { type HttpListener, listenHttp, type PageHandler } from '../inbound/http-server.ts';
import { loadSettings } from '../settings/load.ts';
import { problemLines } from '../settings/problem.ts';
import { readTime } from '../settings/read-time.ts';
import type { Settings } from '../settings/settings.ts';
import type { WatchedFile } from '../settings/stamp.ts';
import { watchFiles } from '../settings/watch.ts';
import { SearchThread } from '../store/sqlite/find/search-thread.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { backtestsIn } from './backtests.ts';
import { systemClock } from './clock.ts';
import { exampleFile, exampleRuns } from './example.ts';
import { Gateway } from './gateway.ts';
import { greeting, newTokens, tellUnanswerable, tellUnfit } from './greeting.ts';
import { inForce } from './in-force.ts';
import { ownFiles } from './own-files.ts';
import { peopleInForce } from './people.ts';
import { keysToRenew, unfitToRenew } from './renewal.ts';
import { retention } from './retention.ts';
import { untilStopped } from './signals.ts';
import { checkpointsBy } from './signing-keys.ts';
import { systemCrypto } from './system-crypto.ts';
import { takeValueKeys } from './take-value-keys.ts';
import { ValueVault } from './value-keys.ts';

/** Where the gateway speaks to its operator, and the environment that `${NAME}` reads. */
export type Terminal = Pick<World, 'stdout' | 'stderr' | 'env'>;

const LOOK_EVERY_MS = 250;
const TRY_AGAIN_MS = 500;

/** Runs the gateway until it is told to stop. Gives the exit code. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<number> {
  // V8 lets garbage grow to several times what lives; a gateway is to stay small.
  setFlagsFromString('--heap-growing-percent=50');
  const { host, data, behindProxy } = options;
  const log = (line: string): void => terminal.stderr.write(`toolgate: ${line}\n`);
  if (!isLoopbackAddress(host) && options.tlsCert === undefined && !behindProxy) {
    log(
      `--host ${host} is not a loopback address: give --tls-cert and --tls-key, or --behind-proxy if a proxy does TLS before it`,
    );
    return 1;
  }
  const example = options.config === undefined ? exampleFile(data) : undefined;
  const file = options.config ?? example?.file ?? '';
  const loaded = await loadSettings(file, terminal.env);
  if (loaded.kind === 'problems') {
    terminal.stderr.write(problemLines(loaded.problems));
    return 1;
  }
  const { settings } = loaded;
  const unfit = unfitToRenew(options, settings, file);
  if (unfit !== undefined) {
    log(unfit);
    return 1;
  }
  const clock = systemClock();
  const crypto = systemCrypto(data);
  const { sync, checkpoints: pace } = settings.audit;
  const checkpoints = checkpointsBy(data, pace);
  const vault = new ValueVault();
  const sealer = (): ValueSealer | undefined => vault.sealer();
  const store = await openSqliteStore({ folder: data, sync, clock, onFault: log, checkpoints, sealer });
  const values = (wanted: Settings): Promise<void> =>
    takeValueKeys({ folder: data, vault, store: store.kept, clock, crypto, log }, wanted);
  try {
    await values(settings);
  } catch (fault) {
    await store.close();
    throw fault;
  }
  const gateway = new Gateway(
    { folder: data, env: terminal.env, clock, crypto, store, values, log },
    inForce(settings, await store.tokenHashes(), keysToRenew(options)),
  );
  const search = new SearchThread(data, (words) => log(`the search in the log failed: ${words}`));
  const listener = await listen(options, gateway, search, log);
  if (listener === undefined) {
    await search.close();
    await gateway.close();
    return 1;
  }
  // Only now: a token that was made for a start that failed would never have been shown.
  await gateway.keepIdentities();
  const url = `${options.tlsCert === undefined ? 'http' : 'https'}://${hostForClients(host)}:${listener.port}`;
  gateway.office.listensAt(url);
  const configured = example?.isNew === true ? exampleRuns(file) : `Configuration: ${file}`;
  terminal.stdout.write(greeting(gateway.inForce, url, configured));
  tellUnfit(gateway.inForce, log);
  tellUnanswerable(gateway.inForce, log);
  const exports = new Exports({
    store,
    clock,
    crypto,
    log,
    version: packageVersion(),
    ownFiles: () => [...ownFiles(data), ...gateway.inForce.settings.files.map(({ path }) => path)],
  });
  const takenUp = (): void => void exports.apply(gateway.inForce.settings.audit.exports);
  takenUp();
  const stopWatching = watch(file, loaded.settings.files, gateway, terminal, url, log, takenUp);
  const stopRemoving = retention({ store, clock, crypto, settings: () => gateway.inForce.settings, log });
  const signal = await untilStopped();
  const { drainMs } = gateway.inForce.settings.limits;
  log(`${signal}: stopping; calls in flight have ${drainMs / 1000} s to end`);
  stopWatching();
  listener.drain();
  await gateway.drain();
  await gateway.hangUp();
  await listener.close();
  await stopRemoving();
  await exports.stop();
  await search.close();
  await gateway.close();
  return 0;
}

async function listen(
  options: ServeOptions,
  gateway: Gateway,
  audit: AuditDesk,
  log: (line: string) => void,
): Promise<HttpListener | undefined> {
  const { host, port } = options;
  try {
    return await listenHttp({
      host,
      port,
      tls: readTls(options),
      endpoint: gateway.endpoint,
      strangers: gateway.strangers,
      pages: pagesOf(options, gateway, audit, log),
      tokens: () => gateway.inForce.tokens.table,
      guard: () => {
        const { hosts, origins, approvals } = gateway.inForce.settings;
        // Where people are sent, they may come.
        return { hosts: approvals.url === undefined ? hosts : [...hosts, new URL(approvals.url).host], origins };
      },
      isReady: readiness(gateway),
      log,
    });
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    log(
      code === 'EADDRINUSE'
        ? `port ${port} on ${host} is taken; choose another with --port`
        : `cannot listen on ${host}:${port}: ${message}`,
    );
    return undefined;
  }
}

/** What people see: the API and the pages. */
function pagesOf(
  { data, tlsCert, behindProxy }: ServeOptions,
  gateway: Gateway,
  audit: AuditDesk,
  log: (line: string) => void,
): PageHandler {
  const { clock, crypto } = gateway.gate;
  return makePages({
    desk: gateway.desk,
    backtests: backtestsIn(data),
    audit,
    people: peopleInForce(() => gateway.inForce),
    strangers: gateway.strangers,
    clock,
    crypto,
    isSecure: tlsCert !== undefined || behindProxy,
    url: () => gateway.inForce.settings.approvals.url,
    readTime: (text) => readTime(text, clock.now()),
    log,
  });
}

function readTls({ tlsCert, tlsKey }: ServeOptions): { readonly cert: string; readonly key: string } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: readPem('--tls-cert', tlsCert), key: readPem('--tls-key', tlsKey) };
}

function readPem(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${option} ${file} cannot be read; name a PEM file`);
  }
}

/** Asks the store, but not more often than once a second: anybody may ask whether the gateway is ready. */
function readiness(gateway: Gateway): () => Promise<boolean> {
  let asked = Number.NEGATIVE_INFINITY;
  let answer = Promise.resolve(false);
  return () => {
    const now = performance.now();
    if (now - asked > 1_000) {
      asked = now;
      answer = gateway.gate.store.synced().then(
        () => true,
        () => false,
      );
    }
    return answer;
  };
}

/** An address that stands for all of them is none that a client can call. */
function hostForClients(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === '[::]') return 'localhost';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/**
 * Takes up every change of the files, one after the other. A broken one leaves the last good configuration in force, and says
 * so; one that cannot be recorded is tried again until it can.
 */
function watch(
  file: string,
  first: readonly WatchedFile[],
  gateway: Gateway,
  terminal: Terminal,
  url: string,
  log: (line: string) => void,
  takenUp: () => void,
): () => void {
  let files = first;
  let turn = Promise.resolve();
  let again: NodeJS.Timeout | undefined;
  /** Why it is not in force: said once, however often it is tried. */
  let told: string | undefined;
  const changed = (): void => {
    clearTimeout(again);
    turn = turn.then(reload);
  };
  const stop = watchFiles(() => files, LOOK_EVERY_MS, changed);
  return () => {
    stop();
    clearTimeout(again);
  };

  /** Whatever goes wrong with an edited file, what is in force stays in force. */
  function reload(): Promise<void> {
    return takeUp().catch((fault: Error) => {
      log(`the changed configuration could not be read (${fault.message}): the last good one stays in force`);
    });
  }

  async function takeUp(): Promise<void> {
    const loaded = await loadSettings(file, terminal.env);
    if (loaded.kind === 'problems') {
      files = loaded.files;
      terminal.stderr.write(problemLines(loaded.problems));
      log('the changed configuration is broken: the last good one stays in force');
      return;
    }
    files = loaded.settings.files;
    try {
      await gateway.take(loaded.settings);
    } catch (fault) {
      const { message } = fault as Error;
      if (message !== told) log(`the changed configuration is not in force yet and is tried again: ${message}`);
      told = message;
      again = setTimeout(changed, TRY_AGAIN_MS);
      return;
    }
    told = undefined;
    takenUp();
    log(`took up the changed configuration ${file}`);
    terminal.stdout.write(newTokens(gateway.inForce, url));
    tellUnfit(gateway.inForce, log);
    tellUnanswerable(gateway.inForce, log);
  }
}
