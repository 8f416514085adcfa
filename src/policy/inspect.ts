import type { Json } from '../wire/json.ts';
import { writeJson } from '../wire/write-json.ts';
import { byteLength } from './byte-length.ts';
import type { RuleRef } from './decision.ts';
import { maskValue } from './mask-value.ts';
import type { ResultRules } from './results.ts';

export type Inspected =
  | {
      readonly kind: 'kept';
      /** The very value that was given where nothing was masked. */
      readonly value: Json;
      /** Texts and keys in which something was masked. */
      readonly masked: number;
    }
  | { readonly kind: 'refused'; readonly rule: RuleRef; readonly reason: string };

/** Characters by which masking may lengthen a value, all its texts together. */
const MAX_GROWTH = 1_000_000;

/** The second pure question: what of a server's answer reaches the client. The rules of a baseline are given first. */
export function inspect(rules: readonly ResultRules[], value: Json): Inspected {
  if (rules.length === 0) return { kind: 'kept', value, masked: 0 };
  const tooLarge = overCeiling(rules, value);
  if (tooLarge !== undefined) return tooLarge;
  const masks = rules.flatMap((one) => one.masks);
  const secrets = rules.some((one) => one.secrets === 'masked') ? 'masked' : 'kept';
  if (secrets === 'kept' && masks.length === 0) return { kind: 'kept', value, masked: 0 };
  const { value: kept, masked, growth } = maskValue(value, { secrets, masks });
  if (masked === 0) return { kind: 'kept', value, masked };
  if (growth > MAX_GROWTH)
    return refused(rules, 'redact', `it would grow by more than ${MAX_GROWTH} characters by masking`);
  // What is masked may be longer than what it stands for.
  return (growth > 0 ? overCeiling(rules, kept) : undefined) ?? { kind: 'kept', value: kept, masked };
}

function overCeiling(rules: readonly ResultRules[], value: Json): Inspected | undefined {
  if (rules.every(({ maxBytes }) => maxBytes === undefined)) return undefined;
  const text = writeJson(value);
  for (const { document, maxBytes } of rules) {
    if (maxBytes === undefined || byteLength(text, maxBytes) <= maxBytes) continue;
    const rule: RuleRef = { document, pointer: '/results/max_bytes', id: undefined };
    return {
      kind: 'refused',
      rule,
      reason: `it has more than ${maxBytes} bytes, the most that the ${document} lets through`,
    };
  }
  return undefined;
}

function refused(rules: readonly ResultRules[], key: 'redact', reason: string): Inspected {
  const document = rules.find(({ masks }) => masks.length > 0)?.document ?? 'policy';
  return { kind: 'refused', rule: { document, pointer: `/results/${key}`, id: undefined }, reason };
}
