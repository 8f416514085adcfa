import type { OptionKinds, Options, ShortOptions } from './options.ts';
import type { World } from './world.ts';

/** One command of the command line. */
export interface Command {
  /** As it is typed: `audit list`. */
  readonly name: string;
  readonly options: OptionKinds;
  readonly short?: ShortOptions;
  /** The whole help text, ending in a line feed. */
  readonly help: string;
  /** The answer is the exit code. May throw `UsageFault`, and reject with a fault that one line explains. */
  run(options: Options, world: World): Promise<number>;
}
