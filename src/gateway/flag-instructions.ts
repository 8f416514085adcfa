import { type JsonObject, withKeys } from '../wire/json.ts';
import { type Flagged, flaggedLines, flaggedRecords } from './pins/flagged.ts';
import { StoreFault } from './ports.ts';
import type { Session } from './session.ts';
import { stampNow } from './stamp.ts';

/**
 * Looks at what a server tells models of itself when it is met. What only sounds suspicious is told, recorded and passed on; a text that hides
 * something from people's eyes is left out of the answer.
 */
export async function flagInstructions(session: Session, answer: JsonObject): Promise<JsonObject> {
  const { instructions } = answer;
  if (typeof instructions !== 'string' || instructions === '') return answer;
  const { gate, server, book } = session;
  const heard = book.heard.hear(instructions, gate.crypto.digest(instructions), gate.clock.tick());
  if (heard.isNews) {
    const flagged = heard.findings.map((finding) => ({ tool: undefined, finding }));
    for (const line of flaggedLines(server, flagged)) session.log(line);
    await record(session, flagged);
  }
  const isHidden = heard.findings.some(({ weight }) => weight === 'holds');
  return isHidden ? withKeys(answer, { instructions: undefined }) : answer;
}

async function record({ gate, server }: Session, flagged: readonly Flagged[]): Promise<void> {
  try {
    const records = flaggedRecords(stampNow(gate), server, flagged);
    await Promise.all(records.map((one) => gate.store.append(one, undefined)));
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    gate.log(`what the instructions of ${server} hide is not on record: ${fault.message}`);
  }
}
