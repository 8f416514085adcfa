import type { ListedWhich } from '../../gateway/approvals/approval-desk.ts';
import type { ApprovalSummary } from '../../gateway/approvals/view.ts';
import { badge } from './badge.ts';
import { type Html, html } from './html.ts';
import { stranger } from './sight.ts';
import { stateWords } from './state.ts';
import { countdown, moment } from './times.ts';

const TABS = [
  ['waiting', 'Waiting'],
  ['live', 'Waiting or not used yet'],
  ['all', 'All'],
] as const;

/** The questions there are, the newest first. */
export function listPage(
  listed: readonly ApprovalSummary[],
  { which, before, limit }: ListedWhich,
  root: string,
): Html {
  const last = listed.length < limit ? undefined : listed.at(-1)?.id;
  return html`<h1>Questions</h1>
<nav aria-label="Which questions">${TABS.map(([word, text]) => tab(word, text, which, root))}</nav>
${listed.length === 0 ? html`<section><p>${before === undefined ? emptyWords(which) : 'There are no older ones.'}</p></section>` : html`<ul class="rows">${listed.map((one) => row(one, root))}</ul>`}
<nav aria-label="More">${before === undefined ? undefined : html`<a href="${root}approvals?which=${which}">Newest</a>`}${last === undefined ? undefined : html`<a href="${root}approvals?which=${which}&amp;before=${last}">Older</a>`}</nav>`;
}

function tab(word: string, text: string, which: string, root: string): Html {
  return word === which
    ? html`<a href="${root}approvals?which=${word}" aria-current="page">${text}</a>`
    : html`<a href="${root}approvals?which=${word}">${text}</a>`;
}

function emptyWords(which: string): string {
  return which === 'waiting' ? 'Nothing waits for an answer.' : 'There are none.';
}

function row(one: ApprovalSummary, root: string): Html {
  const { id, name, server, grant, agreed, needed } = one;
  return html`<li class="row">
<div><a href="${root}approvals/${id}">${stranger(name)}</a> ${badge(one.class)}<br><span class="dim">${stranger(grant)} on ${stranger(server)}, asked ${moment(one.askedAt)}</span></div>
<div class="left">${one.state === 'open' ? html`${countdown(one.secondsLeft)} left` : stateWords(one.state)}${needed > 1 ? html`<br><span class="dim">${agreed} of ${needed} agreed</span>` : undefined}</div>
</li>
`;
}
