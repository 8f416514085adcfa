import type { ExceptionWish, Proposed } from '../../gateway/approvals/approval-desk.ts';
import type { ApprovalDetail } from '../../gateway/approvals/view.ts';
import { inPlainSight } from '../../wire/plain-sight.ts';
import { badge } from './badge.ts';
import { type Html, html } from './html.ts';
import { formKeyField } from './layout.ts';
import { sighted, stranger } from './sight.ts';

export interface Proposing {
  readonly root: string;
  readonly formKey: string;
  readonly seen: string;
  readonly wish: ExceptionWish;
  readonly problem: string | undefined;
  /** Whether who looks may approve the call itself with the same button. */
  readonly mayApprove: boolean;
}

const WINDOWS: readonly (readonly [string, string])[] = [
  ['1h', 'an hour'],
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['30d', '30 days'],
];

/** What rule would let calls like this one pass, to be narrowed, shown again, and accepted. */
export function proposalPage(detail: ApprovalDetail, proposed: Proposed, proposing: Proposing): Html {
  const { root, problem } = proposing;
  return html`<h1>Always allow ${stranger(detail.name)} ${badge(detail.class)} for ${stranger(detail.grant)}?</h1>
<p><a href="${root}approvals/${detail.id}">Back to the question</a></p>
${problem === undefined ? undefined : html`<div class="say bad" role="alert"><p>${problem}</p></div>`}
${proposed.kind === 'proposal' ? proposal(detail, proposed, proposing) : html`<div class="say warn"><p>${stranger(proposed.reason)}</p></div>`}`;
}

type Proposal = Extract<Proposed, { readonly kind: 'proposal' }>;

function proposal(
  { id }: ApprovalDetail,
  { digest, admits, until, choices, changes }: Proposal,
  proposing: Proposing,
): Html {
  const { root, wish, mayApprove } = proposing;
  const adopt = `${root}approvals/${id}/adopt`;
  return html`<form method="post" action="${root}approvals/${id}/always">
${formKeyField(proposing.formKey)}<input type="hidden" name="seen" value="${proposing.seen}"><input type="hidden" name="digest" value="${digest}">
<section>
<h2>What would pass without a question</h2>
<p>${stranger(admits)}</p>
</section>
<section>
<h2>How narrow</h2>
${Object.entries(choices).map(([name, offered], index) => choice(name, offered, wish.widen[name] ?? '', index))}
<label for="until">Last day on which it holds (UTC)</label>
<input id="until" name="until" type="date" value="${until}" required>
<div class="pair"><div><label for="max">At most so many calls <span class="dim">(empty: no limit of its own)</span></label>
<input id="max" name="max" type="number" min="1" step="1" inputmode="numeric" value="${wish.limit?.max}"></div>
<div><label for="window">In</label>
<select class="short" id="window" name="window">${windows(wish.limit?.window)}</select></div></div>
<div class="buttons"><button>Show the rule again</button></div>
</section>
<section>
<h2>The change of the policy</h2>
${changes.map(({ policy, diff }) => html`<h3>${stranger(policy)}</h3><pre tabindex="0" role="region" aria-label="Change of ${policy}">${diff.split('\n').map(diffLine)}</pre>`)}
<p class="dim">If anything above was changed since it was shown, you see the new rule first.</p>
<div class="buttons">${mayApprove ? html`<button class="yes" formaction="${adopt}" name="also" value="approve">Write this rule and approve this call</button>` : undefined}<button formaction="${adopt}">Write this rule</button></div>
</section>
</form>`;
}

function choice(name: string, offered: readonly string[], chosen: string, index: number): Html {
  if (offered.length === 0) return html``;
  return html`<label for="widen-${index}">${stranger(name)}</label>
<input type="hidden" name="argument" value="${name}">
<select id="widen-${index}" name="choice">${['', ...offered.filter((word) => word !== 'exact')].map((word) => option(word, word === '' ? 'exactly as it is here' : inPlainSight(word), word === chosen))}</select>`;
}

function windows(chosen: string | undefined): readonly Html[] {
  const all =
    chosen === undefined || WINDOWS.some(([word]) => word === chosen)
      ? WINDOWS
      : [...WINDOWS, [chosen, chosen] as const];
  return all.map(([word, text]) => option(word, text, word === (chosen ?? '24h')));
}

function option(value: string, text: string, isChosen: boolean): Html {
  return isChosen
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`;
}

function diffLine(line: string): Html {
  const kind = /^(?:\+\+\+|---) /.test(line)
    ? 'same'
    : line.startsWith('+')
      ? 'add'
      : line.startsWith('-')
        ? 'cut'
        : 'same';
  // JSON already, so that its back-slashes stay as they are.
  const shown = line.split('\\').map(inPlainSight).join('\\');
  return html`<span class="${kind}">${shown === '' ? '\u00a0' : sighted(shown)}</span>`;
}
