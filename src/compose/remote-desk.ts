import type { DeskOptions, OpenDesk } from '../cli/world.ts';
import { DeskFault } from '../cli/world.ts';
import type { Adopted, Answered, ApprovalDesk, ExceptionWish, Proposed } from '../gateway/approvals/approval-desk.ts';
import type { Person, Role } from '../gateway/approvals/quorum.ts';
import type { Secret } from '../settings/secret.ts';
import { type JsonObject, objectOf } from '../wire/json.ts';
import { ask, type RemoteAnswer } from './remote-ask.ts';
import { ADOPTED, ANSWERED, DETAIL, fits, LIST, PERSON, PROPOSAL } from './remote-shapes.ts';

/** The questions of a running gateway, by its JSON API. The gateway decides who may do what. */
export function remoteDesk({ url, token }: Extract<DeskOptions, { readonly kind: 'remote' }>): OpenDesk {
  let authorization = token === undefined ? undefined : bearer(token);

  async function get(path: string): Promise<RemoteAnswer> {
    return ask({ url, path, method: 'GET', authorization, body: undefined });
  }
  async function post(path: string, body: object): Promise<RemoteAnswer> {
    return ask({ url, path, method: 'POST', authorization, body: JSON.stringify(body) });
  }

  return {
    async identify(secret, name) {
      const shown = name === undefined ? bearer(secret) : basic(name, secret);
      if (shown === undefined) return undefined;
      authorization = shown;
      const answer = await get('/api/me');
      if (answer.kind === 'refused' && answer.status === 401) return undefined;
      if (answer.kind === 'refused' && answer.status === 403) throw new DeskFault(`${answer.said} ${TAKE_YOUR_OWN}`);
      return personIn(value(answer, PERSON));
    },
    async list({ which, before, limit }) {
      const query = new URLSearchParams({ which, limit: String(limit), ...(before === undefined ? {} : { before }) });
      const found = value(await get(`/api/approvals?${query}`), LIST);
      return (found as unknown as { readonly approvals: Awaited<ReturnType<ApprovalDesk['list']>> }).approvals;
    },
    async show(id) {
      const answer = await get(`/api/approvals/${id}`);
      if (answer.kind === 'refused' && answer.status === 404) return undefined;
      return value(answer, DETAIL) as unknown as Awaited<ReturnType<ApprovalDesk['show']>>;
    },
    async answer(id, { said, note, arguments: args }) {
      const answer = await post(
        `/api/approvals/${id}/${said}`,
        said === 'approve' ? { note, arguments: args } : { note },
      );
      return decided<Answered>(answer, ['unknown', 'forbidden', 'over', 'invalid'], ANSWERED);
    },
    async propose(id, wish) {
      return decided<Proposed>(
        await post(`/api/approvals/${id}/always`, wishBody(wish)),
        ['none', 'unknown', 'forbidden'],
        PROPOSAL,
      );
    },
    async adopt(id, wish, digest) {
      const answer = await post(`/api/approvals/${id}/adopt`, { ...wishBody(wish), digest });
      return decided<Adopted>(answer, ['changed', 'none', 'unknown', 'forbidden', 'unwritable'], ADOPTED);
    },
    async close() {},
  };
}

const TAKE_YOUR_OWN = 'Take your own, of a person in "people" of the gateway’s configuration';

function wishBody({ until, widen, limit }: ExceptionWish): object {
  return { until, widen, limit };
}

/** Undefined for what no header can hold, which is therefore nobody's. */
function bearer(token: Secret): string | undefined {
  return /^[\x21-\x7e]+$/.test(token.reveal()) ? `Bearer ${token.reveal()}` : undefined;
}

function basic(name: string, passphrase: Secret): string | undefined {
  if (name.includes(':')) return undefined;
  return `Basic ${Buffer.from(`${name}:${passphrase.reveal()}`, 'utf8').toString('base64')}`;
}

/** What the gateway gave, or a fault with what it said instead. */
function value(answer: RemoteAnswer, shape: Parameters<typeof fits>[1]): JsonObject {
  if (answer.kind === 'refused') throw new DeskFault(answer.reason);
  if (!fits(answer.value, shape))
    throw new DeskFault(`${answer.from} answered what no gateway of this version would answer`);
  return answer.value;
}

/** What the desk decided: given, or refused in one of its words. */
function decided<T>(answer: RemoteAnswer, refusals: readonly string[], shape: Parameters<typeof fits>[1]): T {
  if (answer.kind === 'refused' && answer.word !== undefined && refusals.includes(answer.word)) {
    return objectOf([
      ['kind', answer.word],
      ['reason', answer.said],
    ]) as unknown as T;
  }
  return value(answer, shape) as unknown as T;
}

const ROLES: readonly Role[] = ['viewer', 'approver', 'editor', 'admin'];

function personIn({ name, roles }: JsonObject): Person {
  const words = Array.isArray(roles) ? roles : [];
  return { name: String(name), roles: new Set(ROLES.filter((role) => words.includes(role))) };
}
