import { below } from '../../policy/problem.ts';
import { isArray, isObject, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { Approval } from './approval.ts';
import { argumentsOf, callIn } from './call-key.ts';
import { eachDifference } from './each-difference.ts';
import { shownDifferences } from './shown-differences.ts';

/** Beyond so many places, or so many characters of where they are, the agent is told the changed arguments whole. */
const MOST_CHANGES = 200;
const MOST_WAYS = 32_000;

/** Tells the agent, beside the server's answer, what an approver changed in its arguments: in `_meta`, and for a tool as a text before all others. */
export function withEditTold(reply: JsonObject | undefined, approval: Approval | undefined): JsonObject | undefined {
  const answer = reply?.['result'];
  if (reply === undefined || approval?.edit === undefined || !isObject(answer)) return reply;
  const { by, params } = approval.edit;
  const [before, after] = [argumentsOf(approval), callIn(approval.subject, params).args];
  const note = objectOf([['id', approval.id], ['editedBy', by], ...changesTold(before, after)]);
  const { content, _meta } = answer;
  const meta = withKeys(isObject(_meta) ? _meta : objectOf([]), { 'toolgate/approval': note });
  const text = objectOf([
    ['type', 'text'],
    [
      'text',
      `[APPROVED WITH CHANGES] ${by} changed the arguments before the call was sent: ${changesText(before, after)}`,
    ],
  ]);
  return withKeys(reply, {
    result: withKeys(answer, { _meta: meta, ...(isArray(content) ? { content: [text, ...content] } : {}) }),
  });
}

function changesText(before: JsonObject, after: JsonObject): string {
  const { changes, moreChanges } = shownDifferences({ args: before }, { args: after });
  const more = moreChanges === 0 ? [] : [`and ${moreChanges} more`];
  return [...changes.map(({ text }) => text), ...more].join('; ');
}

/** Every change, or, where they are very many, the arguments as they were sent. */
function changesTold(before: JsonObject, after: JsonObject): readonly (readonly [string, JsonObject | JsonObject[]])[] {
  const changes: JsonObject[] = [];
  let isMore = false;
  let length = 0;
  eachDifference(before, after, (way, was, is) => {
    if (isMore) return;
    length += way.reduce<number>((sum, key) => sum + String(key).length + 1, 0);
    isMore = changes.length >= MOST_CHANGES || length > MOST_WAYS;
    if (isMore) return;
    changes.push(
      objectOf([
        ['pointer', way.reduce<string>(below, '')],
        ...(was === undefined ? [] : [['before', was] as const]),
        ...(is === undefined ? [] : [['after', is] as const]),
      ]),
    );
  });
  return isMore ? [['arguments', after]] : [['changes', changes]];
}
