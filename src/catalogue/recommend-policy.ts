import { compilePolicy } from '../policy/compile.ts';
import type { RiskClass } from '../policy/decision.ts';
import type { SqlParsers } from '../policy/sql/parsers.ts';
import { isArray, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import { inPlainSight } from '../wire/plain-sight.ts';
import type { Classification } from './classification.ts';
import type { KnownServer, KnownTool } from './known-server.ts';
import { asked, bare, faultyTools } from './recommend/fallback.ts';
import { hiddenMasks } from './recommend/hidden-masks.ts';
import { comesOut, type Judged } from './recommend/prove.ts';
import type { Trial } from './recommend/trials.ts';
import { hiding, type Recommendation, recommend, type Wishes } from './recommend.ts';

/** A tool of a server, judged. */
export interface JudgedTool {
  readonly tool: JsonObject;
  readonly classification: Classification;
  readonly known: KnownTool | undefined;
}

export interface ServerToGovern {
  /** As its operator calls it. */
  readonly name: string;
  /** What the catalogue knows of it, where it knows it. */
  readonly known: KnownServer | undefined;
}

export interface RecommendedTool extends JudgedTool {
  readonly name: string;
  /** Undefined for a tool that no entry can name: it stays refused. */
  readonly recommendation: Recommendation | undefined;
  readonly notes: readonly string[];
}

export interface RecommendedPolicy {
  readonly policy: JsonObject;
  /** In the server's order. */
  readonly tools: readonly RecommendedTool[];
  /** Of the document as a whole. */
  readonly notes: readonly string[];
  /** Calls that show what the policy does. INVARIANT: each was judged by it, and came out as it says. */
  readonly trials: readonly Trial[];
}

/**
 * The policy that fits a server. INVARIANT: it compiles, and the checker finds nothing odd in it. `parsers`: what `sql_only` needs; without
 * them tools that take SQL are asked about.
 */
export function recommendPolicy(
  server: ServerToGovern,
  judged: readonly JudgedTool[],
  wishes: Wishes,
  parsers: SqlParsers,
): RecommendedPolicy {
  const named = judged.map(
    (one): RecommendedTool => ({ ...one, name: nameOf(one.tool), ...first(one, { server: server.name, ...wishes }) }),
  );
  const once = withoutTwins(named);
  const seen = withoutListing(withSomething(once, { server: server.name, ...wishes }));
  const settled = withoutFaults(server, seen, parsers);
  const document = documentOf(server, settled);
  const compiled = compilePolicy(document, 'policy', parsers);
  const policy = compiled.kind === 'problems' ? undefined : compiled.policy;
  const shownTools = settled.map((one) => proven(one, policy && { policy, classOf: one.classification.class }));
  return {
    policy: document,
    tools: shownTools.map(({ trials: _trials, ...one }) => one),
    notes: documentNotes(server, settled),
    trials: shownTools.flatMap(({ trials }) => trials),
  };
}

function nameOf(tool: JsonObject): string {
  return typeof tool['name'] === 'string' ? tool['name'] : '';
}

function first(
  { tool, classification, known }: JudgedTool,
  wishes: Wishes,
): Pick<RecommendedTool, 'recommendation' | 'notes'> {
  const name = nameOf(tool);
  if (name === '') return { recommendation: undefined, notes: ['It has no name, so it stays refused.'] };
  if (name.includes('*')) {
    return {
      recommendation: undefined,
      notes: ['An entry with * would speak for other tools too, so it stays refused.'],
    };
  }
  const recommendation = recommend(tool, classification, known, wishes);
  return { recommendation, notes: recommendation.notes };
}

/** Which of two tools of one name is called cannot be told, so that the gateway never lets either be. */
function withoutTwins(tools: readonly RecommendedTool[]): readonly RecommendedTool[] {
  const counts = new Map<string, number>();
  for (const { name } of tools) counts.set(name, (counts.get(name) ?? 0) + 1);
  return tools.map((one) =>
    (counts.get(one.name) ?? 0) < 2
      ? one
      : { ...one, recommendation: undefined, notes: ['The server lists two tools of this name, so it stays refused.'] },
  );
}

/** A policy that refuses everything is of no use to anybody. */
function withSomething(tools: readonly RecommendedTool[], wishes: Wishes): readonly RecommendedTool[] {
  if (tools.some(({ recommendation }) => recommendation !== undefined && !isHidden(recommendation))) return tools;
  return tools.map((one) => {
    if (one.recommendation === undefined) return one;
    const recommendation = recommend(one.tool, one.classification, one.known, { ...wishes, destructive: 'approve' });
    const note = 'Hidden it would leave nothing of this server.';
    return { ...one, recommendation, notes: [note, ...recommendation.notes] };
  });
}

/**
 * A tool that tells of tools would tell of those that are hidden. Where it is known how it does that, what it says of them is masked. Else it
 * is hidden with them: to mask their names alone would leave what they do and how they are called. What an agent may call stands in `tools/list`.
 */
function withoutListing(tools: readonly RecommendedTool[]): readonly RecommendedTool[] {
  if (!tools.some(({ recommendation }) => recommendation !== undefined && isHidden(recommendation))) return tools;
  return tools.map((one) => {
    // Who wrote rules for it by hand has looked whose tools it tells of.
    const isJudged = one.known?.rules !== undefined && one.classification.by !== 'classifier';
    const tells = !isJudged && one.classification.signals.some(({ kind }) => kind === 'lists-tools');
    if (listingOf(one) !== undefined) {
      const note = 'What its answer says of hidden tools is masked.';
      return { ...one, notes: [...one.notes, note] };
    }
    if (!tells || one.recommendation === undefined || isHidden(one.recommendation)) return one;
    const recommendation = hiding(
      one.tool,
      'Its answer would name the tools that are hidden, so it is hidden with them.',
    );
    return { ...one, recommendation, notes: recommendation.notes };
  });
}

/** How a tool that stays visible tells of others, where that is known. */
function listingOf({ recommendation, known }: RecommendedTool): string | undefined {
  return recommendation === undefined || isHidden(recommendation) ? undefined : known?.listing;
}

function isHidden({ rules }: Recommendation): boolean {
  return rules['action'] === 'hide';
}

/** What a stranger's schema made of a rule is taken back, until nothing is wrong. */
function withoutFaults(
  server: ServerToGovern,
  tools: readonly RecommendedTool[],
  parsers: SqlParsers,
): readonly RecommendedTool[] {
  let kept = tools;
  for (const fallback of [bare, asked, refused]) {
    const known = kept.map(({ name, tool, classification }) => ({ name, tool, class: classification.class }));
    const faulty = faultyTools(documentOf(server, kept), known, parsers);
    if (faulty.size === 0) return kept;
    kept = kept.map((one) => {
      const why = faulty.get(one.name);
      if (why === undefined || one.recommendation === undefined) return one;
      const recommendation = fallback(one);
      const note = `What was meant for it does not hold: ${why}.`;
      return { ...one, recommendation, notes: [note, ...(recommendation?.notes ?? ['It stays refused.'])] };
    });
  }
  return kept;
}

function refused(): undefined {
  return undefined;
}

function documentOf({ name: server, known }: ServerToGovern, tools: readonly RecommendedTool[]): JsonObject {
  const results = resultsOf(tools, known);
  const entries = tools.flatMap(({ name, recommendation }): readonly (readonly [string, Json])[] =>
    recommendation === undefined ? [] : [[name, recommendation.rules]],
  );
  return objectOf([
    ['version', '1'],
    ['default', 'deny'],
    [
      'description',
      `Recommended for the server ${inPlainSight(server).slice(0, 100).toWellFormed()}; read it before it is put in force.`,
    ],
    ['tools', objectOf(entries)],
    [
      'requests',
      objectOf([
        ['sampling', 'deny'],
        ['elicitation', 'deny'],
        ['roots', 'deny'],
      ]),
    ],
    ...(results === undefined ? [] : [['results', results] as const]),
  ]);
}

/** What is masked in answers: what is known of this server, else secrets of a known form; and what is told of hidden tools. */
function resultsOf(tools: readonly RecommendedTool[], known: KnownServer | undefined): JsonObject | undefined {
  const hidden = tools.flatMap(({ name, recommendation }) =>
    recommendation !== undefined && isHidden(recommendation) ? [name] : [],
  );
  const listings = hidden.length === 0 ? [] : tools.flatMap((one) => listingOf(one) ?? []);
  const masks = listings.flatMap((listing) => hiddenMasks(listing, hidden));
  const byHand = known?.results;
  const secrets = givesSecrets(tools) ? [objectOf([['secrets', true]])] : [];
  const given = byHand?.['redact'] ?? secrets;
  const redact = [...(isArray(given) ? given : []), ...masks];
  if (redact.length === 0) return byHand;
  return objectOf([...Object.entries(byHand ?? {}).filter(([key]) => key !== 'redact'), ['redact', redact]]);
}

function givesSecrets(tools: readonly RecommendedTool[]): boolean {
  return tools.some(
    ({ recommendation, classification }) =>
      recommendation !== undefined &&
      !isHidden(recommendation) &&
      classification.signals.some(({ kind }) => kind === 'credential-out'),
  );
}

function documentNotes({ known }: ServerToGovern, tools: readonly RecommendedTool[]): readonly string[] {
  return [
    'What no entry names is refused, tools that the server adds later among it.',
    'Resources and prompts are refused too; add "resources" or "prompts" for those that are meant to be used.',
    'The server may ask nothing of the client: no sampling, no questions to the user, no roots.',
    ...(known?.results !== undefined ? ['What is masked in its answers was written for this server by hand.'] : []),
    ...(known?.results === undefined && givesSecrets(tools)
      ? ['Secrets of a known form are masked in all answers, since some tools give them.']
      : []),
    ...(asksPerson(tools)
      ? [
          'For some calls a person is asked. Name who may answer under "people" of the configuration (toolgate wrap takes it by --config): where nobody can, such calls are refused.',
        ]
      : []),
  ];
}

function asksPerson(tools: readonly RecommendedTool[]): boolean {
  return tools.some(({ recommendation }) => {
    const { action, approve_if: some } = recommendation?.rules ?? {};
    return action === 'require_approval' || (isArray(some) && some.length > 0);
  });
}

interface ProvenTool extends RecommendedTool {
  readonly trials: readonly Trial[];
}

/** Keeps the calls that come out as they say, and tells where too few are left to show anything. */
function proven(
  one: RecommendedTool,
  judge: { readonly policy: Judged['policy']; readonly classOf: RiskClass } | undefined,
): ProvenTool {
  const { recommendation, tool } = one;
  if (recommendation === undefined || judge === undefined) return { ...one, trials: [] };
  const trials = recommendation.trials.filter((trial) =>
    comesOut(trial, { policy: judge.policy, tool, class: judge.classOf }),
  );
  const missing = recommendation.trials.length - trials.length;
  if (missing === 0) return { ...one, trials };
  const note = `No call could be made up from its schema for ${missing === 1 ? 'one test' : `${missing} tests`} of its rules: write them yourself.`;
  return { ...one, notes: [...one.notes, note], trials };
}
