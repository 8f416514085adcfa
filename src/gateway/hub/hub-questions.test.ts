import { describe, expect, it } from 'vitest';
import { objectOf } from '../../wire/json.ts';
import { notification, request } from '../../wire/replies.ts';
import type { Session } from '../session.ts';
import { HubQuestions } from './hub-questions.ts';

const [git, mail] = [{}, {}] as unknown as [Session, Session];
const ask = request('gate-1', 'roots/list', objectOf([]));

describe('questions of several servers to one client', () => {
  it('have ids of their own, and each answer goes once to whom it belongs', () => {
    const questions = new HubQuestions();
    const first = questions.outward(git, 'git', ask)['id'];
    const second = questions.outward(mail, 'mail', ask)['id'];
    expect(first).not.toBe(second);
    expect(questions.take(second as string)).toMatchObject({ session: mail, id: 'gate-1' });
    expect(questions.take(second as string)).toBeUndefined();
    expect(questions.take('gate-1')).toBeUndefined();
    expect(questions.take(null)).toBeUndefined();
    expect(questions.take(first as string)?.session).toBe(git);
  });

  it('are withdrawn under the id that the client knows, and only by the server that asked', () => {
    const questions = new HubQuestions();
    const { id } = questions.outward(git, 'git', ask);
    const cancel = notification('notifications/cancelled', objectOf([['requestId', 'gate-1']]));
    expect(questions.outward(mail, 'mail', cancel)).toBe(cancel);
    expect(questions.outward(git, 'git', cancel)['params']).toMatchObject({ requestId: id });
    expect(questions.take(id as string)).toBeUndefined();
  });

  it('want to hear of progress under tokens that two servers cannot share', () => {
    const questions = new HubQuestions();
    const wanting = request('gate-1', 'roots/list', objectOf([['_meta', objectOf([['progressToken', 1]])]]));
    const tokenOf = (message: unknown): string => JSON.stringify(message).match(/"progressToken":"([^"]+)"/)?.[1] ?? '';
    const one = tokenOf(questions.outward(git, 'git', wanting));
    const two = tokenOf(questions.outward(mail, 'mail', wanting));
    expect(one).not.toBe(two);
    expect(questions.listener(two)).toEqual({ session: mail, token: 1 });
    expect(questions.listener(1)).toBeUndefined();
    questions.drop(mail);
    expect(questions.listener(two)).toBeUndefined();
    expect(questions.listener(one)?.session).toBe(git);
  });
});
