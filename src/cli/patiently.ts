import { StoreFault } from '../gateway/ports.ts';
import { visible } from '../settings/visible.ts';
import type { World } from './world.ts';

/** A store or gateway that is away for a while is waited for; said once, and once that it is back. */
export function patiently(world: Pick<World, 'stderr'>, look: () => Promise<void>): () => Promise<void> {
  let isAway = false;
  return async () => {
    try {
      await look();
      if (isAway) world.stderr.write('It can be read again.\n');
      isAway = false;
    } catch (fault) {
      if (!(fault instanceof StoreFault)) throw fault;
      if (!isAway) world.stderr.write(`${visible(fault.message)}; looking again until it can be read\n`);
      isAway = true;
    }
  };
}
