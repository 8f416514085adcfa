import { type Html, html } from './html.ts';

export interface LoginForm {
  readonly root: string;
  /** Where to go afterwards: below the gateway's own pages. */
  readonly next: string;
  readonly formKey: string;
  /** Why the form is shown again. */
  readonly problem: string | undefined;
  readonly name: string;
}

/** Asks who somebody is. Tells nothing of any question, not even whether there is one. */
export function loginPage({ root, next, formKey, problem, name }: LoginForm): Html {
  return html`<h1>Sign in</h1>
<p>Questions about tool calls are shown to people of this gateway only.</p>
${problem === undefined ? undefined : html`<div class="say bad" role="alert"><p>${problem}</p></div>`}
<section>
<form method="post" action="${root}approvals/login">
<input type="hidden" name="key" value="${formKey}">
<input type="hidden" name="next" value="${next}">
<label for="name">Name</label>
<input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" aria-describedby="name-hint">
<p class="dim" id="name-hint">Your name in the configuration. With a token it may stay empty.</p>
<label for="secret">Passphrase or token</label>
<input id="secret" name="secret" type="password" autocomplete="current-password" required maxlength="4096">
<div class="buttons"><button class="yes">Sign in</button></div>
</form>
</section>
<p class="dim">An agent&rsquo;s token opens nothing here.</p>`;
}
