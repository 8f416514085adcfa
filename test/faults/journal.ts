import type { RecordKind } from '../../src/gateway/ports.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { isObj, type Obj, objAt } from '../kit/json-rpc.ts';

type Line =
  | { readonly what: 'recorded'; readonly id: string; readonly kind: RecordKind; readonly body: Obj }
  | { readonly what: 'refunded'; readonly receipt: string }
  | { readonly what: 'sent'; readonly message: Obj };

/** What happened at the ports, in order. */
export interface Journal {
  readonly lines: readonly Line[];
  recorded(id: string, kind: RecordKind, body: string): void;
  refunded(receipt: string): void;
  sent(message: JsonObject): void;
  /** Bodies of the records of a kind. */
  records(kind: RecordKind): readonly Obj[];
  /** Messages that the server got, by method. */
  got(method: string): readonly Obj[];
  refunds(): readonly string[];
}

export function journal(): Journal {
  const lines: Line[] = [];
  return {
    lines,
    recorded: (id, kind, body) => void lines.push({ what: 'recorded', id, kind, body: JSON.parse(body) as Obj }),
    refunded: (receipt) => void lines.push({ what: 'refunded', receipt }),
    // As it would be read on the other side of the wire.
    sent: (message) => void lines.push({ what: 'sent', message: JSON.parse(JSON.stringify(message)) as Obj }),
    records: (kind) => lines.flatMap((line) => (line.what === 'recorded' && line.kind === kind ? [line.body] : [])),
    got: (method) =>
      lines.flatMap((line) => (line.what === 'sent' && line.message['method'] === method ? [line.message] : [])),
    refunds: () => lines.flatMap((line) => (line.what === 'refunded' ? [line.receipt] : [])),
  };
}

/**
 * Law 11 over a journal: each `tools/call` that was sent has a record of its own, written before it, of a decision to allow
 * exactly these arguments. Gives the calls that have none.
 */
export function unrecordedCalls({ lines }: Journal): readonly Obj[] {
  const allowed = new Map<string, number>();
  const missing: Obj[] = [];
  for (const line of lines) {
    if (line.what === 'recorded' && line.kind === 'call' && line.body['decision'] === 'allow') {
      const what = callText(line.body['tool'], line.body['args']);
      allowed.set(what, (allowed.get(what) ?? 0) + 1);
    }
    if (line.what !== 'sent' || line.message['method'] !== 'tools/call') continue;
    const params = objAt(line.message, 'params');
    const what = callText(params['name'], params['arguments']);
    const left = allowed.get(what) ?? 0;
    if (left === 0) missing.push(line.message);
    allowed.set(what, left - 1);
  }
  return missing;
}

function callText(name: unknown, args: unknown): string {
  return JSON.stringify([name, isObj(args) ? Object.entries(args).sort() : []]);
}
