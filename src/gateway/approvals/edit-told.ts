import { isArray, isObject, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { Approval } from './approval.ts';
import { argumentsOf, callIn } from './call-key.ts';
import { shownDifferences } from './view.ts';

/** Tells the agent, beside the server's answer, what an approver changed in its arguments: in `_meta`, and for a tool as a text before all others. */
export function withEditTold(reply: JsonObject | undefined, approval: Approval | undefined): JsonObject | undefined {
  const answer = reply?.['result'];
  if (reply === undefined || approval?.edit === undefined || !isObject(answer)) return reply;
  const { by, params } = approval.edit;
  const changes = shownDifferences(argumentsOf(approval), callIn(approval.subject, params).args);
  const note = objectOf([
    ['id', approval.id],
    ['editedBy', by],
    [
      'changes',
      changes.map(({ pointer, before, after }) =>
        objectOf([
          ['pointer', pointer],
          ...(before === undefined ? [] : [['before', before] as const]),
          ...(after === undefined ? [] : [['after', after] as const]),
        ]),
      ),
    ],
  ]);
  const { content, _meta } = answer;
  const meta = withKeys(isObject(_meta) ? _meta : objectOf([]), { 'toolgate/approval': note });
  const told = `[APPROVED WITH CHANGES] ${by} changed the arguments before the call was sent: ${changes.map(({ text }) => text).join('; ')}`;
  const text = objectOf([
    ['type', 'text'],
    ['text', told],
  ]);
  return withKeys(reply, {
    result: withKeys(answer, { _meta: meta, ...(isArray(content) ? { content: [text, ...content] } : {}) }),
  });
}
