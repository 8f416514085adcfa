import type { Signal } from '../classification.ts';
import type { ToolText } from './read-tool.ts';
import type { Verdict } from './verdict.ts';

export function signalsOf(_tool: ToolText, _verdict: Verdict): readonly Signal[] {
  return [];
}
