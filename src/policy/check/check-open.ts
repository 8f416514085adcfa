import { compileSchema } from '../json-schema/compile-schema.ts';
import { holdsName } from '../names.ts';
import type { Rules } from '../policy.ts';
import { below, quoted } from '../problem.ts';
import { type RuleSet, type Subject, speakerFor } from './rule-set.ts';
import type { KnownTool, Warning } from './warning.ts';

const DANGEROUS: ReadonlySet<string> = new Set(['destructive', 'financial']);

/** Warns of dangerous tools that anyone may call as often as they like, and of schemas that refuse every call. */
export function checkOpen(subject: Subject): readonly Warning[] {
  const validated = subject.sets.flatMap((set) => ofValidation(set));
  if (subject.policy.document === 'baseline' || subject.policy.mode === 'shadow') return validated;
  if (isBounded(subject.policy.allTools)) return validated;
  return [...validated, ...ofDefault(subject), ...subject.sets.flatMap(ofSet)];
}

function isDangerous(tool: KnownTool): boolean {
  return DANGEROUS.has(tool.class);
}

/** Whether something stops, counts or asks; shadow is a trial that its author knows of. */
function isBounded({ standing, approval, approveIf, limits, mode }: Rules): boolean {
  return (
    standing !== undefined || approval !== undefined || approveIf.length > 0 || limits.length > 0 || mode === 'shadow'
  );
}

function ofSet({ kind, subject, pointer, rules, tools }: RuleSet): readonly Warning[] {
  if (kind === 'class') {
    if (!DANGEROUS.has(subject) || isBounded(rules)) return [];
    return [leftOpen(pointer, `tools of the class ${subject} are`)];
  }
  const open = tools?.filter(isDangerous) ?? [];
  if (kind !== 'tool' || open.length === 0 || isBounded(rules)) return [];
  return [leftOpen(pointer, named(open))];
}

function ofDefault({ policy, tools }: Subject): readonly Warning[] {
  if (policy.default === 'deny') return [];
  const open = tools?.filter(
    (tool) => isDangerous(tool) && !holdsName(policy.hide, tool.name) && speakerFor(policy, tool) === '/default',
  );
  return open === undefined || open.length === 0 ? [] : [leftOpen('/default', named(open))];
}

function named(tools: readonly KnownTool[]): string {
  const shown = tools.slice(0, 3).map((tool) => `${quoted(tool.name)} (${tool.class})`);
  const more = tools.length > 3 ? ` and ${tools.length - 3} more` : '';
  return `${shown.join(', ')}${more} ${tools.length === 1 ? 'is' : 'are'}`;
}

function leftOpen(pointer: string, who: string): Warning {
  const message = `${who} allowed without limit or approval; add "limits", {"action": "require_approval"} or {"action": "deny"}`;
  return { pointer, code: 'left-open', message };
}

function ofValidation({ source, pointer, tools, rules }: RuleSet): readonly Warning[] {
  if (rules.validate === undefined) return [];
  return (tools ?? []).flatMap(({ name, inputSchema }) => {
    const schema = compileSchema(inputSchema);
    if (schema.kind === 'schema') return [];
    const message = `every call of ${quoted(name)} is refused: ${schema.reason}; leave "validate": ${quoted(String(source['validate']))} out for this tool`;
    return [{ pointer: below(pointer, 'validate'), code: 'unreadable-schema' as const, message }];
  });
}
