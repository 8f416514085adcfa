import type { PinPlan } from '../ports.ts';
import type { Stamp } from '../stamp.ts';
import type { ClassifyTool, KeptClass } from './kept-class.ts';
import { definitionIn, reclassifiedRecords } from './pin-records.ts';
import type { ServerPins, ToolPin } from './server-pins.ts';

/** An accepted tool of which something else would be said today than was frozen. */
export interface ClassChange {
  readonly tool: string;
  readonly digest: string;
  readonly before: KeptClass | undefined;
  readonly after: KeptClass;
}

/** `classify` is told of the class that is frozen, for the server of the catalogue that it was taken for. */
export type ClassifyAnew = (frozen: KeptClass | undefined) => ClassifyTool;

/** The accepted tools whose class or severity would be another by now, in the order of their names. */
export function classChanges({ tools }: ServerPins, classify: ClassifyAnew): readonly ClassChange[] {
  return [...tools]
    .flatMap(([tool, { pinned }]): ClassChange[] => {
      if (pinned === undefined) return [];
      const before = pinned.class;
      const after = classify(before)(definitionIn(pinned.text));
      const isSame = before?.class === after.class && before.severity === after.severity;
      return isSame ? [] : [{ tool, digest: pinned.digest, before, after }];
    })
    .sort((a, b) => (a.tool < b.tool ? -1 : 1));
}

/** Freezes what would be said today; only by a person's word. */
export function reclassify(server: string, now: ServerPins, changes: readonly ClassChange[], stamp: Stamp): PinPlan {
  const tools = new Map<string, ToolPin>();
  for (const { tool, after } of changes) {
    const pin = now.tools.get(tool);
    if (pin?.pinned !== undefined) tools.set(tool, { ...pin, pinned: { ...pin.pinned, class: after } });
  }
  return { tools, records: reclassifiedRecords(stamp, server, changes) };
}
