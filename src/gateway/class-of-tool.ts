import type { RiskClass } from '../policy/decision.ts';
import type { Standing } from './gate.ts';
import type { PinBook } from './pins/pin-book.ts';
import type { ToolPin } from './pins/server-pins.ts';
import type { ShownTool } from './pins/shown-tools.ts';

/** What a call of a tool can do: the operator's word, else what was frozen with its pin. The same for lists and calls. */
export function classOfTool(
  book: PinBook,
  standing: Pick<Standing, 'classes'> | undefined,
  name: string,
  shown: ShownTool | undefined,
  pin: ToolPin | undefined,
): RiskClass {
  return standing?.classes.get(name) ?? book.classOf(shown, pin);
}
