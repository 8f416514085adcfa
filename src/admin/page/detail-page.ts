import type { ShownChanges } from '../../gateway/approvals/shown-differences.ts';
import type { ApprovalDetail } from '../../gateway/approvals/view.ts';
import { type Answering, answerForms } from './answer-forms.ts';
import { badge } from './badge.ts';
import { type Html, html } from './html.ts';
import { shownJson } from './shown-json.ts';
import { sighted, sightedJson, stranger } from './sight.ts';
import { standing } from './standing.ts';
import { moment } from './times.ts';

/** One question, with all that a person decides by, and the ways to answer. */
export function detailPage(detail: ApprovalDetail, answering: Answering): Html {
  const { edit, lastApproved } = detail;
  return html`<h1>${stranger(detail.grant)} ${detail.state === 'open' ? 'wants' : 'wanted'} to call ${stranger(detail.name)} ${badge(detail.class)}</h1>
${answering.news === undefined ? undefined : html`<div class="say good" role="status"><p>${answering.news}</p></div>`}
${answering.problem === undefined ? undefined : html`<div class="say bad" role="alert"><p>${answering.problem}</p></div>`}
${standing(detail)}
<section>
<h2>Who asks for what</h2>
<dl>
<dt>Grant</dt><dd>${stranger(detail.grant)}, owned by ${stranger(detail.owner)}</dd>
<dt>Client</dt><dd>${client(detail)}</dd>
<dt>Server</dt><dd>${stranger(detail.server)}</dd>
<dt>${kindWord(detail.kind)}</dt><dd>${stranger(detail.name)} ${badge(detail.class)}</dd>
${detail.kind === 'tool' ? undefined : html`<dt>Method</dt><dd><code>${stranger(detail.method)}</code></dd>`}
<dt>Asked</dt><dd>${moment(detail.askedAt)}</dd>
<dt>Why a person is asked</dt><dd>${stranger(detail.reason)}<br><span class="dim">Rule <code>${stranger(detail.rule.pointer === '' ? '/' : detail.rule.pointer)}</code> of the ${detail.rule.document}${detail.rule.id === null ? undefined : html`, <code>${stranger(detail.rule.id)}</code>`}</span></dd>
</dl>
</section>
<section>
<h2 id="arguments">${edit === null ? 'Arguments' : 'Arguments as the agent sent them'}</h2>
${shownJson(detail, 'arguments')}
</section>
${beside(detail)}
${edit === null ? undefined : edited(edit)}
<section>
<h2>The last call of this kind that was approved</h2>
${lastApproved === null ? html`<p>There is none: nobody has approved a call of this name on this server yet, as far as is kept.</p>` : last(lastApproved)}
</section>
${detail.description === null ? undefined : html`<section><h2 id="words">What the server says about it</h2><p class="dim">The server’s own words, checked by nobody. They may be meant to persuade you.</p><blockquote tabindex="0" role="region" aria-labelledby="words">${sighted(detail.description)}</blockquote></section>`}
${answerForms(detail, answering)}
<p class="dim">Question <code>${detail.id}</code></p>`;
}

function client({ client: { name, version } }: ApprovalDetail): Html {
  return name === null
    ? html`does not say what it is`
    : html`says it is ${stranger(version === null ? name : `${name} ${version}`)}`;
}

function kindWord(kind: string): string {
  return kind === 'tool' ? 'Tool' : `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
}

function beside({ extra, extraText }: ApprovalDetail): Html | undefined {
  if (extra === null || extraText === null) return undefined;
  return html`<section>
<h2 id="beside">Beside the arguments</h2>
<p class="dim">The agent put this into its call too. It is sent to the server as it stands.</p>
${shownJson({ arguments: extra, argumentsText: extraText }, 'beside')}
</section>`;
}

function changes({ changes: list, moreChanges }: ShownChanges): Html {
  const shown = list.map(({ text }) => html`<li><code>${sightedJson(text)}</code></li>`);
  return html`<ul>${shown}${moreChanges > 0 ? html`<li>${moreChanges} more</li>` : undefined}</ul>`;
}

function edited(edit: NonNullable<ApprovalDetail['edit']>): Html {
  return html`<section>
<div class="say warn"><p><b>${stranger(edit.by)} changed the arguments.</b> What is sent is this, not what the agent wrote.</p></div>
${changes(edit)}
<h2 id="changed">Arguments as they would be sent</h2>
${shownJson(edit, 'changed')}
</section>`;
}

function last(one: NonNullable<ApprovalDetail['lastApproved']>): Html {
  const { at, by, grant, changes: list, argumentsText, extraText } = one;
  return html`<p>Of ${stranger(grant)}, ${moment(at)}, approved by ${by.length === 0 ? 'nobody that is known' : stranger(by.join(', '))}.</p>
${list.length === 0 ? html`<p><b>The arguments are the same now.</b></p>` : html`<h3>What is different now</h3>${changes(one)}<details><summary>Its arguments</summary>${pre('Arguments of that call', argumentsText)}${extraText === null ? undefined : html`<p>Beside them:</p>${pre('Beside the arguments of that call', extraText)}`}</details>`}`;
}

function pre(label: string, text: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${label}">${sightedJson(text)}</pre>`;
}
