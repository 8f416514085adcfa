import { type AdminServer, type Answer, passphraseOf } from './admin-server.ts';

/** Somebody who looks at the pages without a browser, as browsers would: cookies are kept, forms carry the page's own fields. */
export interface PageVisitor {
  readonly cookies: Map<string, string>;
  get(path: string): Promise<Answer>;
  /** Sends a form of the page at `from`; `fields` replace those that it has. */
  post(path: string, from: string, fields?: Fields, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  signIn(name: string, next?: string): Promise<Answer>;
}

type Fields = Readonly<Record<string, string | undefined>>;

export function pageVisitor(server: AdminServer): PageVisitor {
  const cookies = new Map<string, string>();

  function keep(answer: Answer): Answer {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes('Max-Age=0')) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }
  const cookie = (): Record<string, string> => {
    const text = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return text === '' ? {} : { cookie: text };
  };

  const visitor: PageVisitor = {
    cookies,
    get: async (path) => keep(await server.ask(path, { headers: cookie() })),
    async post(path, from, fields = {}, headers = {}) {
      const all = new Map(hiddenFields((await visitor.get(from)).text));
      for (const [name, value] of Object.entries(fields)) {
        if (value === undefined) all.delete(name);
        else all.set(name, value);
      }
      const body = new URLSearchParams([...all]).toString();
      const usual = { 'content-type': 'application/x-www-form-urlencoded', origin: server.base };
      const sent = Object.entries({ ...usual, ...cookie(), ...headers }).filter(([, value]) => value !== '');
      return keep(await server.ask(path, { method: 'POST', headers: Object.fromEntries(sent), body }));
    },
    signIn: (name, next = '/approvals') => visitor.post('/approvals/login', next, { name, secret: passphraseOf(name) }),
  };
  return visitor;
}

/** The hidden fields of a page, by their names; of several of one name the last. */
function hiddenFields(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
    ([, name = '', value = '']) => [name, plain(value)] as const,
  );
}

function plain(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
