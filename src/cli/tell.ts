import { type FileProblem, problemLines } from '../settings/problem.ts';
import type { World } from './world.ts';

/** Writes one line each to the errors, naming the file as the user did. */
export function tellProblems(world: Pick<World, 'stderr'>, file: string, problems: readonly FileProblem[]): void {
  world.stderr.write(problemLines(problems.map((problem) => ({ ...problem, file }))));
}
