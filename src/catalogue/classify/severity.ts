import type { Severity, Signal } from '../classification.ts';
import type { ToolText } from './read-tool.ts';
import type { Verdict } from './verdict.ts';

export function severityOf(_tool: ToolText, verdict: Verdict, _signals: readonly Signal[]): Severity {
  if (verdict.class === 'read') return 'low';
  return verdict.class === 'write' || verdict.class === 'unknown' ? 'medium' : 'high';
}
