import { type Obj, readObj } from '../kit/json-rpc.ts';
import { eventually } from './rig.ts';

/** A person who answers questions by the JSON API. */
export interface ApiPerson {
  /** The open question whose arguments have this word in them; waits for it. */
  asked(word: string): Promise<string>;
  /** The open question about what has this name; waits for it. */
  waiting(name: string): Promise<string>;
  /** As the API shows it; rejects where it refuses. */
  show(id: string): Promise<Obj>;
  approve(id: string, body?: Obj): Promise<Obj>;
  deny(id: string, reason: string): Promise<Obj>;
}

/** `base`: where the gateway is at the moment. */
export function apiPerson(base: () => string, token: string): ApiPerson {
  const seen = new Map<string, string>();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  async function api(path: string, body?: Obj): Promise<Obj> {
    const sending = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${base()}/api/approvals${path}`, sending);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`HTTP ${answer.status} ${text}`);
    return readObj(text) ?? {};
  }
  async function find(fits: (question: Obj) => boolean | Promise<boolean>): Promise<string> {
    let found: unknown;
    await eventually('the question is asked', async () => {
      const { approvals } = await api('?limit=500');
      for (const question of approvals as readonly Obj[]) if (await fits(question)) found = question['id'];
      return found !== undefined;
    });
    return String(found);
  }
  async function argumentsOf(id: string): Promise<string> {
    const text = seen.get(id) ?? JSON.stringify((await api(`/${id}`))['arguments']);
    seen.set(id, text);
    return text;
  }
  return {
    asked: (word) => find(async ({ id }) => (await argumentsOf(String(id))).includes(word)),
    waiting: (name) => find((question) => question['name'] === name),
    show: (id) => api(`/${id}`),
    approve: (id, body = {}) => api(`/${id}/approve`, body),
    deny: (id, reason) => api(`/${id}/deny`, { reason }),
  };
}
