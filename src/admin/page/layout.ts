import { hash } from 'node:crypto';
import { Html, html } from './html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** What all pages have. */
export interface Frame {
  readonly title: string;
  /** From the page up to where the gateway begins, such as `../`: a proxy may have put it anywhere. */
  readonly root: string;
  /** Who is signed in, and the key of their forms. */
  readonly visitor: { readonly name: string; readonly formKey: string } | undefined;
}

/** A whole page. */
export function layout({ title, root, visitor }: Frame, main: Html): string {
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${Html.ours(STYLE)}</style>
</head>
<body>
<header class="bar"><div><a class="home" href="${root}approvals">Toolgate approvals</a>${visitor === undefined ? undefined : signedIn(visitor, root)}</div></header>
<main>
${main}
</main>
<script>${Html.ours(SCRIPT)}</script>
</body>
</html>
`);
}

function signedIn({ name, formKey }: NonNullable<Frame['visitor']>, root: string): Html {
  return html`<form class="who" method="post" action="${root}approvals/logout">${formKeyField(formKey)}<span>Signed in as <b>${name}</b></span><button class="plain">Sign out</button></form>`;
}

export function formKeyField(formKey: string): Html {
  return html`<input type="hidden" name="key" value="${formKey}">`;
}

/**
 * With every page. Nothing is loaded from anywhere, nobody may frame the page. The referrer stays within the gateway, and is not forbidden,
 * since browsers would then send forms with the Origin `null`.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src '${digestOf(STYLE)}'`,
    `script-src '${digestOf(SCRIPT)}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

function digestOf(text: string): string {
  return `sha256-${hash('sha256', text, 'base64')}`;
}
