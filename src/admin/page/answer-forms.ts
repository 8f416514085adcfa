import type { Person } from '../../gateway/approvals/quorum.ts';
import type { ApprovalDetail } from '../../gateway/approvals/view.ts';
import { LONGEST_NOTE } from '../note.ts';
import { type Html, html } from './html.ts';
import { formKeyField } from './layout.ts';
import { readableAgain, stranger } from './sight.ts';

/** Who looks at a question, and what they tried. */
export interface Answering {
  readonly root: string;
  readonly person: Person;
  readonly formKey: string;
  /** Of what is shown: an answer counts for this and nothing else. */
  readonly seen: string;
  /** What was done just now. */
  readonly news: string | undefined;
  /** Why what was tried was not done. */
  readonly problem: string | undefined;
  /** What was typed, so that nobody types it again. */
  readonly typed: { readonly note: string; readonly arguments: string | undefined };
}

/** Bytes of the changed arguments as a form sends them; what is longer goes through the command line. */
const MOST_IN_FORM = 900_000;

/** The ways to answer that who looks has. */
export function answerForms(detail: ApprovalDetail, answering: Answering): Html {
  const { person, root } = answering;
  const may = detail.whyNot === null || detail.whyNot === undefined;
  const isEditor = person.roles.has('editor') || person.roles.has('admin');
  const isStillOfUse = detail.state === 'open' || detail.state === 'approved' || detail.state === 'used';
  return html`${detail.state !== 'open' ? undefined : may ? answers(detail, answering) : html`<section><h2>Your answer</h2><p>You cannot answer this: ${stranger(detail.whyNot ?? '')}</p></section>`}
${isEditor && isStillOfUse ? html`<section><h2>Always allow calls like this one</h2><p>See what the narrowest rule would be. Nothing is written before you accept it.</p><div class="buttons"><a class="button" href="${root}approvals/${detail.id}/always">Always allow…</a></div></section>` : undefined}`;
}

function answers(detail: ApprovalDetail, answering: Answering): Html {
  const { root, typed } = answering;
  const text = readableAgain(detail.edit?.argumentsText ?? detail.argumentsText);
  return html`<section>
<h2>Your answer</h2>
<form method="post" action="${root}approvals/${detail.id}/approve">
${fields(answering)}
<label for="note">Note <span class="dim">(for the log; if you deny, the agent is told it)</span></label>
<textarea id="note" name="note" rows="2" maxlength="${LONGEST_NOTE}">
${typed.note}</textarea>
<div class="buttons"><button class="yes">Approve</button><button class="no" formaction="${root}approvals/${detail.id}/deny">Deny</button></div>
</form>
${detail.kind !== 'tool' && detail.kind !== 'prompt' ? undefined : changing(detail, answering, text)}
</section>`;
}

function changing(detail: ApprovalDetail, answering: Answering, text: string): Html {
  const { root, typed } = answering;
  if (encodeURIComponent(text).length > MOST_IN_FORM) {
    return html`<details><summary>Change the arguments</summary><p>They are too long for a form: use <code>toolgate approvals approve ${detail.id} --edit</code>.</p></details>`;
  }
  const summary = html`<summary>Change the arguments</summary>`;
  const body = html`<p>The changed call is judged by the whole policy again, and the agent is told what you changed.</p>
<form method="post" action="${root}approvals/${detail.id}/approve">
${fields(answering)}
<input type="hidden" name="changed" value="yes">
<label for="json">Arguments, as JSON</label>
<textarea class="json" id="json" name="arguments" rows="${Math.min(24, 3 + text.split('\n').length)}" spellcheck="false" autocapitalize="none" autocomplete="off">
${typed.arguments ?? text}</textarea>
<label for="note-changed">Note</label>
<textarea id="note-changed" name="note" rows="2" maxlength="${LONGEST_NOTE}">
${typed.note}</textarea>
<div class="buttons"><button class="yes">Approve with these arguments</button></div>
</form>`;
  return typed.arguments === undefined
    ? html`<details>${summary}${body}</details>`
    : html`<details open>${summary}${body}</details>`;
}

function fields({ formKey, seen }: Answering): Html {
  return html`${formKeyField(formKey)}<input type="hidden" name="seen" value="${seen}">`;
}
