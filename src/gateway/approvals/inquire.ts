import type { RiskClass, RuleRef } from '../../policy/decision.ts';
import type { Policies } from '../../policy/policy.ts';
import type { Call } from '../../wire/call.ts';
import { isObject, type JsonObject } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { KnownTool } from '../definitions.ts';
import type { Gate, Standing } from '../gate.ts';
import type { Refusal } from '../refusal.ts';
import type { Session } from '../session.ts';
import type { AskingRule } from './approval.ts';
import { approvedParams, callKey } from './call-key.ts';
import type { Claim, Inquiry } from './consult.ts';
import { quorumOf, timeoutOf } from './quorum.ts';

/** A call about which a person may have to be asked; what it costs to ask is spent when that turns out. */
export interface Asking {
  readonly session: Session;
  /** As the agent sent it; with `edited`, as it is sent instead. */
  readonly call: Call;
  readonly tool: KnownTool | 'no tool' | undefined;
  /** The params of the client's message, which name the client in the modern era. */
  readonly about: JsonObject;
  readonly claim: Claim;
  /** What the agent sent, where an approver wrote something else. */
  readonly original: Call | undefined;
  /** Whether nobody waits for the call any more. */
  isGone(): boolean;
}

const LONGEST_DESCRIPTION = 4_000;

/** What is asked of a person about a call, for the decision that was made of it. */
export function inquiryOf(
  { session, call, tool, about, claim, original, isGone }: Asking,
  judged: { readonly policies: Policies; readonly class: RiskClass; readonly standing: Standing },
  passId: string,
  at: number,
  asking: { readonly rule: RuleRef; readonly refusal: Refusal } | undefined,
  exceeded: readonly RuleRef[],
): Inquiry {
  const { gate, grant, server, identity } = session;
  const { crypto } = gate;
  const settings = gate.approvalSettings();
  const asked = original ?? call;
  const params = approvedParams(asked);
  const shown = shownText({ tool });
  return {
    key: callKey(crypto, { grant, server, identity }, asked, params),
    claim,
    subject: {
      grant,
      owner: judged.standing.grant.owner,
      server,
      kind: asked.kind,
      method: asked.method,
      name: asked.name,
      class: judged.class,
      params,
      definition: definitionMark(gate, shown),
      description: shown === undefined ? undefined : describedIn(shown),
      client: session.clientOf(about),
      session: session.era === 'modern' ? undefined : session.id,
      quorum: quorumOf(judged.policies),
      beyond: exceeded.map((rule) => markedRule(gate, judged.standing, rule).mark),
    },
    rule: asking === undefined ? undefined : markedRule(gate, judged.standing, asking.rule),
    refusal: asking?.refusal,
    pass: passId,
    freshId: `ap_${crypto.id()}`,
    timeoutMs: timeoutOf(judged.policies, settings.timeoutMs),
    maxOfGrant: settings.maxOfGrant,
    maxOfName: settings.maxOfName,
    stamp: { at, id: () => crypto.id() },
    herald: gate.approvals.herald,
    countsNow: settings.countsNow,
    isGone,
  };
}

/** The tool's definition as it was listed. */
export function shownText({ tool }: Pick<Asking, 'tool'>): string | undefined {
  return typeof tool === 'object' ? tool.shown?.text : undefined;
}

type Digesting = { readonly crypto: Pick<Gate['crypto'], 'digest'> };

export function definitionMark({ crypto }: Digesting, text: string | undefined): string | undefined {
  return text === undefined ? undefined : crypto.digest(`definition\n${text}`);
}

/** INVARIANT: what the rule says is in the mark, and where it stands only as far as an edit elsewhere cannot shift it. */
export function markedRule(
  { crypto }: Digesting,
  standing: Pick<Standing, 'ruleText'>,
  { document, pointer, id }: RuleRef,
): AskingRule {
  const text = standing.ruleText(document, pointer) ?? '';
  const place = pointer.replace(/\/\d+$/, '');
  return { document, pointer, id, mark: crypto.digest(`rule\n${canonicalJson([document, place, id ?? null, text])}`) };
}

function describedIn(text: string): string | undefined {
  const read = readJson(text, RELAY);
  if (read.kind === 'fault' || !isObject(read.value)) return undefined;
  const { title, description } = read.value;
  const told = [title, description].filter((part) => typeof part === 'string' && part !== '').join('\n');
  return told === '' ? undefined : told.slice(0, LONGEST_DESCRIPTION).toWellFormed();
}
