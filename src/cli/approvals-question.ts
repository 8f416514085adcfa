import type { ApprovalDetail, ApprovalSummary } from '../gateway/approvals/view.ts';
import { quoted } from '../policy/problem.ts';
import type { Seat } from './approvals-place.ts';
import { UsageFault } from './options.ts';
import { DeskFault } from './world.ts';

const WHOLE = /^ap_[\w-]{22,64}$/;
const BEGINNING = /^ap_[\w-]{6,64}$/;
const AT_ONCE = 200;
const MOST_PAGES = 50;

/** The question of an id, or of its beginning where only one begins so. Throws `UsageFault` for what is no id, `DeskFault` where there is none. */
export async function findQuestion(seat: Seat, word: string): Promise<ApprovalDetail> {
  if (!BEGINNING.test(word)) {
    throw new UsageFault(
      `${quoted(word)} is no id of a question: it begins with "ap_" and at least 6 characters after it, as toolgate approvals list shows it`,
    );
  }
  const id = WHOLE.test(word) ? word : await idBeginning(seat, word);
  const detail = id === undefined ? undefined : await seat.desk.show(id, seat.viewer);
  if (detail === undefined) {
    throw new DeskFault(
      `there is no question ${quoted(word)}; toolgate approvals list shows those that wait, with --all also those that are over`,
    );
  }
  return detail;
}

/** Those that live are looked at first: a beginning is for what waits. */
async function idBeginning(seat: Seat, word: string): Promise<string | undefined> {
  for (const which of ['live', 'all'] as const) {
    const found: string[] = [];
    for await (const { id } of allOf(seat, which)) if (id.startsWith(word)) found.push(id);
    const [first, second] = found;
    if (second !== undefined) {
      throw new UsageFault(
        `${quoted(word)} is the beginning of ${found.length} ids (${found.slice(0, 3).join(', ')}): give more of it`,
      );
    }
    if (first !== undefined) return first;
  }
  return undefined;
}

/** The last asked first, as far back as anybody looks. */
export async function* allOf({ desk, viewer }: Seat, which: 'live' | 'all'): AsyncIterable<ApprovalSummary> {
  let before: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const some = await desk.list({ which, before, limit: AT_ONCE }, viewer);
    yield* some;
    const last = some.at(-1);
    if (last === undefined) return;
    before = last.id;
  }
}
