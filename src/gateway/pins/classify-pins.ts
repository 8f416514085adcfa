import type { PinPlan } from '../ports.ts';
import type { Stamp } from '../stamp.ts';
import type { ClassifyTool } from './kept-class.ts';
import { classifiedRecords, definitionIn } from './pin-records.ts';
import type { KeptDefinition, ServerPins, ToolPin } from './server-pins.ts';

/** Whether an older gateway kept a definition without saying what it can do. */
export function lacksClasses({ tools }: ServerPins): boolean {
  for (const { pinned, candidate } of tools.values()) {
    if (pinned !== undefined && pinned.class === undefined) return true;
    if (candidate !== undefined && candidate.class === undefined) return true;
  }
  return false;
}

/** Finds out what definitions can do of which that was never kept, once: from then on it is frozen. Nothing where all is kept. */
export function classifyPins(
  server: string,
  now: ServerPins,
  classify: ClassifyTool,
  stamp: Stamp,
): PinPlan | undefined {
  if (!lacksClasses(now)) return undefined;
  const tools = new Map<string, ToolPin>();
  const found: (readonly [string, KeptDefinition])[] = [];
  for (const [name, { pinned, candidate }] of now.tools) {
    const classed = <T extends KeptDefinition>(kept: T | undefined): T | undefined =>
      kept === undefined || kept.class !== undefined ? kept : { ...kept, class: classify(definitionIn(kept.text)) };
    const pin = { pinned: classed(pinned), candidate: classed(candidate) };
    if (pin.pinned === pinned && pin.candidate === candidate) continue;
    tools.set(name, pin);
    const told = pin.pinned ?? pin.candidate;
    if (told !== undefined) found.push([name, told]);
  }
  return { tools, records: classifiedRecords(stamp, server, found) };
}
