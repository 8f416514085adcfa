import type { Fault } from './fault.ts';
import { html } from './page/html.ts';
import { layout, PAGE_HEADERS } from './page/layout.ts';
import type { Reply } from './reply.ts';
import type { Visit } from './sessions.ts';

export const NOT_OWN_FORM: Fault = {
  status: 403,
  message: 'Nothing was done: the form is not of this session.',
  remedy: 'Open the question again.',
};

/** A page that says why something is not done. */
export function faultPage(root: string, { status, message, remedy, headers = {} }: Fault, visit?: Visit): Reply {
  const main = html`<h1>${status === 404 ? 'Nothing here' : 'That did not work'}</h1>
<div class="say bad" role="alert"><p>${message}</p>${remedy === undefined ? undefined : html`<p>${remedy}</p>`}</div>
<p><a href="${root}approvals">All questions</a></p>`;
  const visitor = visit === undefined ? undefined : { name: visit.person.name, formKey: visit.formKey };
  return { status, headers: { ...PAGE_HEADERS, ...headers }, text: layout({ title: message, root, visitor }, main) };
}

/** After something was done, so that a page that is loaded again does not do it again. */
export function redirect(location: string, cookies: readonly string[] = []): Reply {
  return { status: 303, headers: { ...PAGE_HEADERS, location, 'set-cookie': cookies }, text: '' };
}
