import { signalsOf } from './scan-words.ts';
import type { Scanned } from './scanned.ts';

/** Every tool of every server, for programs. */
export function scanJson(servers: readonly Scanned[]): readonly object[] {
  return servers.flatMap(({ name, tools, findings }) =>
    tools.map((tool, index) => {
      const { class: riskClass, severity, reason, evidence } = tool.classification;
      return {
        server: name,
        tool: tool.name,
        class: riskClass,
        severity,
        signals: signalsOf(tool),
        reason,
        evidence: evidence.map(({ from, quote, says }) => ({ from, quote, says })),
        findings: findings[index] ?? [],
        // What no entry names is refused.
        recommended: tool.recommendation?.rules ?? { action: 'deny' },
      };
    }),
  );
}
