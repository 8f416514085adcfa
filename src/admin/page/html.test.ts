import { expect, it } from 'vitest';
import { html } from './html.ts';

it('escapes every text, in elements and in attributes', () => {
  const hostile = `</pre><script>alert("1")</script>&amp;'`;
  expect(String(html`<p title="${hostile}">${hostile}</p>`)).toBe(
    '<p title="&lt;/pre&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&#39;">&lt;/pre&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&#39;</p>',
  );
});

it('keeps markup, lists of markup and numbers, and writes nothing for undefined', () => {
  expect(String(html`<ul>${[1, 2].map((n) => html`<li>${n}</li>`)}${undefined}</ul>`)).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  );
});

it('takes nothing for markup that only looks like it', () => {
  const lookalike = { toString: () => '<b>' } as unknown as string;
  expect(() => html`${lookalike}`).toThrow();
});
