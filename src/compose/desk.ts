import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeskFault, type DeskOptions, type OpenDesk } from '../cli/world.ts';
import type { Viewer } from '../gateway/approvals/approval-desk.ts';
import type { ApprovalStore } from '../gateway/approvals/approval-ports.ts';
import type { Herald } from '../gateway/approvals/herald.ts';
import { heraldOf } from '../gateway/approvals/herald-of.ts';
import { LocalDesk } from '../gateway/approvals/local-desk.ts';
import type { Clock, PinStore, Store } from '../gateway/ports.ts';
import { hashToken } from '../inbound/credentials.ts';
import { argumentPrivacy } from '../settings/argument-privacy.ts';
import { identifyPerson } from '../settings/identify-person.ts';
import { loadSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { systemClock } from './clock.ts';
import { exceptionsOf } from './exceptions.ts';
import { isMarked, markIn } from './people.ts';
import { hooksFor } from './question-office.ts';
import type { Terminal } from './serve.ts';
import { checkpointsBy } from './signing-keys.ts';
import { standingOf, standingsOf, whyNoStanding } from './standings.ts';
import { systemCrypto } from './system-crypto.ts';
import { peopleTokens, tokensOf } from './tokens.ts';
import { whyUnfit } from './why-unfit.ts';

/**
 * The desk over a data folder, beside running gateways. Who may answer stands in the configuration: that the folder can be read is not enough.
 * A configuration that cannot be read matters only to who answers; looking at the list leaves nothing in the folder.
 */
export async function openLocalDesk(
  { data, config }: Extract<DeskOptions, { kind: 'local' }>,
  terminal: Terminal,
): Promise<OpenDesk> {
  const read = await settingsIn(config ?? join(data, 'toolgate.jsonc'), config !== undefined, terminal);
  const settings = typeof read === 'string' ? undefined : read;
  const clock = systemClock();
  const onFault = (line: string): void => terminal.stderr.write(`toolgate: ${line}\n`);
  const looking = await openSqliteStore({ folder: data, sync: 'interval', clock, onFault, mode: 'read' });
  let joining: Promise<Joined> | undefined;
  const joined = (): Promise<Joined> => {
    joining ??= openSqliteStore({
      folder: data,
      sync: 'before-send',
      clock,
      onFault,
      mode: 'join',
      checkpoints: checkpointsBy(data),
    }).then((store) => ({
      store,
      desk: deskOver(store, data, settings, terminal, clock),
    }));
    return joining;
  };
  const list = deskOver(looking, data, settings, terminal, clock);
  let proved: string | undefined;
  const proven = (viewer: Viewer): Viewer => ({ ...viewer, credential: proved });
  return {
    list: (which) => list.list(which),
    show: async (id, viewer) => (await joined()).desk.show(id, viewer),
    answer: async (id, given, viewer) => (await joined()).desk.answer(id, given, proven(viewer)),
    propose: async (id, wish, viewer) => (await joined()).desk.propose(id, wish, proven(viewer)),
    adopt: async (id, wish, digest, viewer) => (await joined()).desk.adopt(id, wish, digest, proven(viewer)),
    async identify(secret, name) {
      if (typeof read === 'string') throw new DeskFault(read);
      if (read === undefined) return undefined;
      const stored = await looking.tokenHashes();
      const tokens = peopleTokens(read, stored);
      const person = await identifyPerson(read.people, tokens, secret.reveal(), name);
      if (person === undefined) return undefined;
      // Whoever can read the folder can write a configuration of their own: it makes nobody a person.
      if (isMarked(stored, person, { people: tokens })) {
        proved = markIn(stored, person.name);
        return person;
      }
      throw new DeskFault(
        `no gateway on the data folder ${data} knows ${person.name} as the configuration does; start it once with this configuration (toolgate serve, or wrap with --config), or name the one it runs with (--config)`,
      );
    },
    async grantOf(secret) {
      if (read === undefined || typeof read === 'string') return undefined;
      return tokensOf(read, await looking.tokenHashes()).table.get(hashToken(secret.reveal()));
    },
    async close() {
      await looking.close();
      if (joining !== undefined) await (await joining).store.close();
    },
  };
}

interface Joined {
  readonly store: DeskStore;
  readonly desk: LocalDesk;
}

type DeskStore = Store & PinStore & ApprovalStore;

function deskOver(
  store: DeskStore,
  data: string,
  settings: Settings | undefined,
  terminal: Terminal,
  clock: Clock,
): LocalDesk {
  const crypto = systemCrypto(data);
  const standings = settings === undefined ? new Map() : standingsOf(settings);
  const judging = {
    clock,
    crypto,
    store,
    standing: (grant: string, server: string) => standingOf(standings, grant, server, clock.now()),
    whyNone: (grant: string, server: string) => whyNoStanding(standings, grant, server, clock.now()),
  };
  return new LocalDesk({
    store,
    clock,
    crypto,
    herald: heraldIn(settings, clock),
    exceptions: exceptionsOf({ clock, crypto, store, folder: data, env: terminal.env, settings: () => settings }),
    whyUnfit: async (approval, call) => (settings === undefined ? undefined : whyUnfit(judging, approval, call)),
    async marks() {
      const stored = await store.tokenHashes();
      return (name) => markIn(stored, name);
    },
    onChange() {},
  });
}

function heraldIn(settings: Settings | undefined, clock: Clock): Herald {
  const hooks = settings?.hooks ?? new Map();
  return heraldOf({
    clock,
    settings: () => ({
      url: settings?.approvals.url,
      hooksFor: (event) => hooksFor(hooks, event),
    }),
    privacy: (server, tool) => (settings === undefined ? 'redacted' : argumentPrivacy(settings, server, tool)),
  });
}

/** A text says why the configuration cannot be read. */
async function settingsIn(file: string, isNamed: boolean, terminal: Terminal): Promise<Settings | string | undefined> {
  if (!isNamed && !existsSync(file)) return undefined;
  const loaded = await loadSettings(file, terminal.env);
  if (loaded.kind === 'settings') return loaded.settings;
  const [first] = loaded.problems;
  const told = first === undefined ? '' : `: ${first.line}:${first.column} ${first.message}`;
  return `the configuration ${file} cannot be read, so nobody can be identified${told}; mend that, or ask the running gateway: --url URL`;
}
