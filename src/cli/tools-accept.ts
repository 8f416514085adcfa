import { findingsIn } from '../catalogue/findings/findings-in.ts';
import type { Names } from '../catalogue/findings/look-alike.ts';
import { type Acceptance, type Accepted, acceptTools } from '../gateway/pins/accept-tools.ts';
import { namesAround } from '../gateway/pins/names-around.ts';
import { definitionIn } from '../gateway/pins/pin-records.ts';
import type { PinStore } from '../gateway/ports.ts';
import { quoted } from '../policy/problem.ts';
import { visible } from '../settings/visible.ts';
import { acceptClasses } from './accept-classes.ts';
import { classifyAnew } from './class-anew.ts';
import { classLines } from './class-text.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { type Options, UsageFault } from './options.ts';
import { demandKnown, freshId, type PinnedServer, pinnedServers, toolNames, waitingIn } from './pinned-servers.ts';
import { shownName } from './shown-name.ts';
import { toolChangeLines } from './tool-change-text.ts';
import { TOOLS_ACCEPT_HELP } from './usage.ts';
import type { World } from './world.ts';

export const toolsAccept: Command = {
  name: 'tools accept',
  options: { data: 'text', server: 'text', all: 'flag', digest: 'text', class: 'flag', catalogue: 'text' },
  help: TOOLS_ACCEPT_HELP,
  async run(options, world) {
    const tools = wantedTools(options);
    const digest = wantedDigest(options);
    const isOfClasses = options.flags.has('class');
    if (isOfClasses && digest !== undefined)
      throw new UsageFault('--digest is of definitions; --class freezes classes');
    if (!isOfClasses && options.texts.has('catalogue')) throw new UsageFault('--catalogue goes with --class');
    const classify = classifyAnew(options);
    const store = await world.openPins(dataFolder(options, world), 'join');
    try {
      const servers = await pinnedServers(store, options);
      if (tools !== 'all') demandKnown(servers, tools);
      if (isOfClasses) return await acceptClasses(store, servers, tools, classify, world);
      const chosen =
        tools === 'all' ? servers.filter((one) => waitingIn(one, []).length > 0) : [theOne(servers, tools)];
      if (digest !== undefined && chosen.length > 1)
        throw new UsageFault('--digest is of one server: name it with --server');
      if (chosen.length === 0) return nothingWaits(digest, world);
      let code: number = GOOD;
      for (const { server } of chosen) {
        const accepted = await accept(store, { server, tools, digest }, world.now());
        const around = await namesAround(store, server, []);
        if (tell(server, accepted, { digest, around }, world) === 'refused') code = NO;
      }
      return code;
    } finally {
      await store.close();
    }
  },
};

function wantedTools(options: Options): readonly string[] | 'all' {
  const names = toolNames(options);
  if (options.flags.has('all') && names.length > 0) throw new UsageFault('either tools or --all, not both');
  if (options.flags.has('all')) return 'all';
  if (names.length === 0) throw new UsageFault('which tools? Name them, or say --all');
  return names;
}

function wantedDigest(options: Options): string | undefined {
  const digest = options.texts.get('digest');
  if (digest === undefined || /^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new UsageFault('--digest must be the 64 characters that toolgate tools diff shows');
}

/** The server on which the tools wait; tools of several servers are accepted one server after the other. */
function theOne(servers: readonly PinnedServer[], names: readonly string[]): PinnedServer {
  const having = servers.filter((one) => names.some((name) => one.pins.tools.has(name)));
  const waiting = having.filter((one) => waitingIn(one, names).length > 0);
  const [first, second] = waiting.length > 0 ? waiting : having;
  if (first === undefined) throw new UsageFault(`no server ever listed a tool ${quoted(names[0] ?? '')}`);
  if (second === undefined || waiting.length === 0) return first;
  throw new UsageFault(
    `--server NAME is missing: such tools wait on ${waiting.map(({ server }) => server).join(', ')}`,
  );
}

async function accept(store: PinStore, acceptance: Acceptance, at: number): Promise<Accepted> {
  let accepted: Accepted = { kind: 'not waiting', names: [] };
  await store.changePins(acceptance.server, (now, digest) => {
    accepted = acceptTools(now, acceptance, { at, id: freshId }, digest);
    return accepted.kind === 'accepted' ? accepted.plan : undefined;
  });
  return accepted;
}

function nothingWaits(digest: string | undefined, world: World): number {
  world.stdout.write('Nothing waits to be accepted.\n');
  return digest === undefined ? GOOD : NO;
}

interface Seen {
  /** What was shown before, where that was named. */
  readonly digest: string | undefined;
  /** Names of other tools, for which these could be taken. */
  readonly around: Names;
}

function tell(server: string, accepted: Accepted, { digest, around }: Seen, world: World): 'done' | 'refused' {
  const refused = (why: string): 'refused' => {
    world.stderr.write(`toolgate tools accept: ${visible(why)}\n`);
    return 'refused';
  };
  switch (accepted.kind) {
    case 'accepted': {
      const count = accepted.changes.length;
      world.stdout.write(`Accepted ${count} tool${count === 1 ? '' : 's'} of server ${shownName(server)}:\n`);
      for (const change of accepted.changes) {
        // Who gave the digest has seen it.
        const lines =
          digest === undefined
            ? toolChangeLines(change, findingsIn(definitionIn(change.after.text), around))
            : [
                `  ${shownName(change.tool)}  sha256 ${change.after.digest}`,
                ...classLines(change.before, change.after).slice(0, 1),
              ];
        world.stdout.write(`${lines.join('\n')}\n`);
      }
      return 'done';
    }
    case 'not waiting':
      return refused(
        `on server ${server} nothing waits under ${accepted.names.map(quoted).join(', ') || 'any name'}; nothing was accepted`,
      );
    case 'other':
      return refused(
        `what waits on server ${server} is not what was shown (its digest is ${accepted.digest}); nothing was accepted: look again with toolgate tools diff`,
      );
  }
}
