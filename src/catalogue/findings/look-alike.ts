import { FINDING_RULES, type Finding } from './finding.ts';
import { plainName } from './plain-text.ts';
import { looseSkeletonOf, skeletonOf } from './skeleton.ts';

/** A tool that another could be taken for. */
export interface NamedTool {
  readonly server: string;
  readonly name: string;
}

/** Names by what they look like. */
export interface Names {
  readonly server: string;
  readonly byLook: ReadonlyMap<string, readonly NamedTool[]>;
  /** Of the same server only: servers of one kind differ in case and separators, and mean no harm. */
  readonly byLetters: ReadonlyMap<string, readonly NamedTool[]>;
}

const ASCII = /^[\x20-\x7e]*$/;
const LATIN = /\p{Script=Latin}/u;
/** Scripts whose letters pass for Latin ones. */
const ALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/** The tools among which one of `server` is looked at: its own and those of other servers. */
export function namesOf(server: string, tools: readonly NamedTool[]): Names {
  const byLook = new Map<string, NamedTool[]>();
  const byLetters = new Map<string, NamedTool[]>();
  for (const tool of tools) {
    add(byLook, skeletonOf(tool.name), tool);
    if (tool.server === server) add(byLetters, looseSkeletonOf(tool.name), tool);
  }
  return { server, byLook, byLetters };
}

function add(map: Map<string, NamedTool[]>, key: string, tool: NamedTool): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [tool]);
  else known.push(tool);
}

/** A name that is easily taken for another tool's. */
export function lookAlikes(name: string, { server, byLook, byLetters }: Names): readonly Finding[] {
  const mixed = LATIN.test(name) && ALIKE.test(name) ? [mixedScripts(name)] : [];
  // Of two names the one with foreign letters is the odd one.
  const isPlain = ASCII.test(name);
  const twin = byLook.get(skeletonOf(name))?.find((one) => one.name !== name && (!isPlain || ASCII.test(one.name)));
  if (twin !== undefined) return [...mixed, looksLike(name, twin, server, isPlain ? 'tells' : 'holds')];
  const sibling = byLetters.get(looseSkeletonOf(name))?.find((one) => one.name !== name);
  return sibling === undefined ? mixed : [...mixed, looksLike(name, sibling, server, 'tells')];
}

function looksLike(name: string, twin: NamedTool, server: string, weight: Finding['weight']): Finding {
  const whose = twin.server === server ? 'the same server' : `the server ${twin.server}`;
  const says = `${FINDING_RULES['look-alike']} The other is “${plainName(twin.name)}” of ${whose}.`;
  return { rule: 'look-alike', place: '/name', quote: plainName(name), says, weight };
}

function mixedScripts(name: string): Finding {
  const says = FINDING_RULES['mixed-scripts'];
  return { rule: 'mixed-scripts', place: '/name', quote: plainName(name), says, weight: 'holds' };
}
