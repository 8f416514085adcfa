import type { JsonObject } from '../../wire/json.ts';
import type { KnownTool } from '../known-server.ts';
import { limitTrials, type Trial } from './trials.ts';

/** The calls that were written down with a tool's rules. */
export function handTrials({ name, examples }: KnownTool, rules: JsonObject): readonly Trial[] {
  if (examples === undefined) return [];
  const trials = (what: string, calls: readonly JsonObject[], effect: Trial['want']['effect']): readonly Trial[] =>
    calls.map((args, index) => {
      const number = calls.length > 1 ? ` (${index + 1})` : '';
      return { name: `${name}: ${what}${number}`, tool: name, args, earlier: 0, want: { effect } };
    });
  const [first] = examples.allowed;
  return [
    ...trials('a call that passes', examples.allowed, 'allow'),
    ...trials('a call that asks', examples.asked, 'require_approval'),
    ...trials('a call that is refused', examples.refused, 'deny'),
    ...(first === undefined ? [] : limitTrials(name, rules, first)),
  ];
}
