import type { RiskClass } from '../policy/decision.ts';
import type { Severity, SignalKind } from './classification.ts';
import type { KnownServer, KnownTool } from './known-server.ts';
import type { Shelf } from './pages/shelf.ts';
import { wordsOf } from './pages/similar-tools.ts';

/** What is looked for: all of it must hold. */
export interface CatalogueQuery {
  readonly words: readonly string[];
  readonly class: RiskClass | undefined;
  readonly severity: Severity | undefined;
  readonly signal: SignalKind | undefined;
  /** Name of a server. */
  readonly server: string | undefined;
}

export type Hit =
  | { readonly kind: 'server'; readonly server: KnownServer }
  | { readonly kind: 'tool'; readonly server: KnownServer; readonly known: KnownTool };

/** What a word found counts for, by where it was found. */
const EXACT = 1000;
const WHOLE_WORD = 100;
const BEGINNING = 60;
const WITHIN = 40;
const OF_SERVER = 30;
const OF_CLASS = 20;
const OF_REASON = 10;
const OF_DESCRIPTION = 8;

/** Servers and tools that fit, the best first: exact names, then words of names, then what is said of them. */
export function searchCatalogue(shelf: Shelf, query: CatalogueQuery): readonly Hit[] {
  const words = query.words.flatMap((word) => word.toLowerCase().split(/\s+/)).filter((word) => word !== '');
  const whole = words.join(' ');
  const found: { readonly hit: Hit; readonly score: number }[] = [];
  const isForTools = query.class !== undefined || query.severity !== undefined || query.signal !== undefined;
  for (const server of shelf.servers) {
    if (query.server !== undefined && server.name !== query.server) continue;
    const ofServer = isForTools || words.length === 0 ? 0 : scoreOf(words, whole, serverFields(server));
    if (ofServer > 0) found.push({ hit: { kind: 'server', server }, score: ofServer + 1 });
    for (const known of server.tools.values()) {
      if (!fits(shelf, server, known, query)) continue;
      const score = words.length === 0 ? 1 : scoreOf(words, whole, toolFields(server, known));
      if (score > 0) found.push({ hit: { kind: 'tool', server, known }, score });
    }
  }
  // Sorting is stable: what counts alike stays in the order of the catalogue.
  return found.toSorted((a, b) => b.score - a.score).map(({ hit }) => hit);
}

function fits(shelf: Shelf, server: KnownServer, known: KnownTool, query: CatalogueQuery): boolean {
  if (query.class !== undefined && known.class !== query.class) return false;
  if (query.severity !== undefined && known.severity !== query.severity) return false;
  // Signals are found by classifying, which takes longer than all the rest.
  return query.signal === undefined || shelf.tool(server, known).signals.has(query.signal);
}

interface Fields {
  readonly names: readonly string[];
  readonly others: readonly (readonly [text: string, weight: number])[];
}

function serverFields({ name, title, source }: KnownServer): Fields {
  return { names: [name, title], others: [[source, OF_SERVER]] };
}

function toolFields(server: KnownServer, known: KnownTool): Fields {
  const { description } = known.definition();
  return {
    names: [known.name],
    others: [
      [server.name, OF_SERVER],
      [server.title, OF_SERVER],
      [known.class, OF_CLASS],
      [known.reason, OF_REASON],
      [typeof description === 'string' ? description : '', OF_DESCRIPTION],
    ],
  };
}

/** 0 where a word is found nowhere. */
function scoreOf(words: readonly string[], whole: string, { names, others }: Fields): number {
  const lower = names.map((name) => name.toLowerCase());
  const isExact = lower.some((name) => name === whole || wordsOf(name).join(' ') === whole);
  let score = isExact ? EXACT : 0;
  for (const word of words) {
    const best = Math.max(
      ...lower.map((name, index) => scoreInName(word, name, names[index] ?? '')),
      ...others.map(([text, weight]) => (text.toLowerCase().includes(word) ? weight : 0)),
    );
    if (best === 0) return 0;
    score += best;
  }
  return score;
}

function scoreInName(word: string, lower: string, name: string): number {
  if (lower === word) return EXACT;
  if (!lower.includes(word)) return 0;
  const parts = wordsOf(name);
  if (parts.includes(word)) return WHOLE_WORD;
  return parts.some((part) => part.startsWith(word)) ? BEGINNING : WITHIN;
}
