import { type ClassChange, type ClassifyAnew, classChanges, reclassify } from '../gateway/pins/reclassify.ts';
import type { PinStore } from '../gateway/ports.ts';
import { classChangeLine } from './class-text.ts';
import { GOOD, NO } from './exit-code.ts';
import { UsageFault } from './options.ts';
import { freshId, type PinnedServer } from './pinned-servers.ts';
import { shownName } from './shown-name.ts';
import type { World } from './world.ts';

/** Freezes the classes of accepted tools anew, as this Toolgate classifies them: all that are named, or nothing. */
export async function acceptClasses(
  store: PinStore,
  servers: readonly PinnedServer[],
  tools: readonly string[] | 'all',
  classify: ClassifyAnew,
  world: World,
): Promise<number> {
  const having = servers.filter(({ pins }) => tools === 'all' || tools.some((name) => pins.tools.has(name)));
  if (tools !== 'all' && having.length > 1) {
    const names = having.map(({ server }) => server).join(', ');
    throw new UsageFault(`--server NAME is missing: such tools are accepted on ${names}`);
  }
  let told = 0;
  for (const { server } of having) {
    let changes: readonly ClassChange[] = [];
    await store.changePins(server, (now) => {
      const all = classChanges(now, classify);
      changes = tools === 'all' ? all : all.filter(({ tool }) => tools.includes(tool));
      if (tools !== 'all' && changes.length < tools.length) changes = [];
      return changes.length === 0 ? undefined : reclassify(server, now, changes, { at: world.now(), id: freshId });
    });
    if (changes.length === 0) continue;
    told += changes.length;
    const lines = [`Frozen anew on server ${shownName(server)}:`, ...changes.map(classChangeLine)];
    world.stdout.write(`${lines.join('\n')}\n`);
  }
  if (told > 0) return GOOD;
  if (tools === 'all') {
    world.stdout.write('Nothing is frozen otherwise than this Toolgate would say.\n');
    return GOOD;
  }
  world.stderr.write(
    'toolgate tools accept: not all that are named are frozen otherwise than this Toolgate would say; nothing was changed\n',
  );
  return NO;
}
