import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeskFault, type DeskOptions, type OpenDesk } from '../cli/world.ts';
import { heraldOf } from '../gateway/approvals/herald-of.ts';
import { LocalDesk } from '../gateway/approvals/local-desk.ts';
import { identifyPerson } from '../settings/identify-person.ts';
import { loadSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { systemClock } from './clock.ts';
import { exceptionsOf } from './exceptions.ts';
import { isMarked } from './people.ts';
import type { Terminal } from './serve.ts';
import { standingOf, standingsOf, whyNoStanding } from './standings.ts';
import { systemCrypto } from './system-crypto.ts';
import { peopleTokens } from './tokens.ts';
import { whyUnfit } from './why-unfit.ts';

/** The desk over a data folder, beside running gateways. Who may answer stands in the configuration; that the folder can be read is not enough. */
export async function openLocalDesk(
  { data, config }: Extract<DeskOptions, { kind: 'local' }>,
  terminal: Terminal,
): Promise<OpenDesk> {
  const settings = await settingsIn(config ?? join(data, 'toolgate.jsonc'), config !== undefined, terminal);
  const clock = systemClock();
  const log = (line: string): void => terminal.stderr.write(`toolgate: ${line}\n`);
  const store = await openSqliteStore({ folder: data, sync: 'before-send', clock, onFault: log, mode: 'join' });
  const crypto = systemCrypto(data);
  const standings = settings === undefined ? new Map() : standingsOf(settings);
  const hooks = [...(settings?.hooks.values() ?? [])];
  const herald = heraldOf({
    clock,
    settings: () => ({
      url: settings?.approvals.url,
      hooksFor: (event) =>
        hooks.filter(({ events }) => [...events].some((one) => one === event)).map(({ name }) => name),
    }),
    privacy: () => settings?.audit.arguments ?? 'redacted',
  });
  const judging = {
    clock,
    crypto,
    store,
    standing: (grant: string, server: string) => standingOf(standings, grant, server, clock.now()),
    whyNone: (grant: string, server: string) => whyNoStanding(standings, grant, server, clock.now()),
  };
  const desk = new LocalDesk({
    store,
    clock,
    crypto,
    herald,
    exceptions: exceptionsOf({ clock, crypto, store, folder: data, env: terminal.env, settings: () => settings }),
    whyUnfit: async (approval, call) => (settings === undefined ? undefined : whyUnfit(judging, approval, call)),
    onChange() {},
  });
  return {
    list: (which) => desk.list(which),
    show: (id, viewer) => desk.show(id, viewer),
    answer: (id, given, viewer) => desk.answer(id, given, viewer),
    propose: (id, wish, viewer) => desk.propose(id, wish, viewer),
    adopt: (id, wish, digest, viewer) => desk.adopt(id, wish, digest, viewer),
    async identify(secret, name) {
      if (settings === undefined) return undefined;
      const stored = await store.tokenHashes();
      const tokens = peopleTokens(settings, stored);
      const person = await identifyPerson(settings.people, tokens, secret.reveal(), name);
      // Whoever can read the folder can write a configuration of their own: it makes nobody a person.
      if (person === undefined || isMarked(stored, person, { people: tokens })) return person;
      throw new DeskFault(
        `no gateway on the data folder ${data} knows ${person.name} as the configuration does; start it once with this configuration (toolgate serve, or wrap with --config), or name the one it runs with (--config)`,
      );
    },
    close: () => store.close(),
  };
}

async function settingsIn(file: string, isNamed: boolean, terminal: Terminal): Promise<Settings | undefined> {
  if (!isNamed && !existsSync(file)) return undefined;
  const loaded = await loadSettings(file, terminal.env);
  if (loaded.kind === 'settings') return loaded.settings;
  const [first] = loaded.problems;
  const told = first === undefined ? '' : `: ${first.line}:${first.column} ${first.message}`;
  throw new DeskFault(`the configuration ${file} cannot be read, so nobody can be identified${told}`);
}
