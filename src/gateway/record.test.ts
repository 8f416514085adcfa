import { describe, expect, it } from 'vitest';
import type { Call } from '../wire/call.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { readCall } from '../wire/read-call.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import type { ArgumentPrivacy } from './gate.ts';
import { eventBody, outcomeBody, refusedBody, type Sender, strangerBody, toldOf, unreadBody } from './record.ts';
import { fixedRefusal } from './refusal.ts';

const SENDER: Sender = {
  grant: 'ada',
  owner: 'ada@example.com',
  session: 's1',
  client: { name: 'agent', version: '1' },
  server: 'files',
};
const LATENCY = { decideUs: 1, commitUs: 1, serverUs: 1 };
const COMMITTING = { round: 'first', tick: 1_700_000_000_000.5, said: undefined, waited: undefined } as const;
const MEGABYTES = 'x'.repeat(3_000_000);

function called(method: string, params: JsonObject): Call {
  const got = readCall(method, params);
  if (got.kind === 'fault') throw new Error(got.reason);
  return got.call;
}

function bodyOf(call: Call, privacy: ArgumentPrivacy): string {
  const { fields } = toldOf(SENDER, call, 'read', undefined, privacy, (text) => `digest of ${text.length}`);
  return refusedBody(fields, fixedRefusal('(default deny)', 'No rule allows this.'), undefined, COMMITTING);
}

/** As the log is read: strictly, so a body that says nothing else is told apart from one that cannot be read. */
function parsed(text: string): JsonObject {
  const read = readJson(text, STRICT);
  if (read.kind === 'fault' || !isObject(read.value)) throw new Error(read.kind === 'fault' ? read.reason : text);
  return read.value;
}

describe('one call cannot fill the log', () => {
  it.each([
    ['one long key', { [MEGABYTES]: 1 }],
    ['one long value', { text: MEGABYTES }],
    ['many keys', Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`key${at}`, at]))],
  ])('%s: only the digest is kept, whatever is to be kept of arguments', (_what, args) => {
    for (const privacy of ['keys', 'redacted', 'full'] as const) {
      const body = bodyOf(called('tools/call', { name: 'write', arguments: args }), privacy);
      expect(body.length).toBeLessThan(1_000);
      expect(parsed(body)).toMatchObject({ tool: 'write', argsKept: 'digest' });
      expect(parsed(body)['argsDigest']).toMatch(/^digest of \d{6,}$/);
      expect(parsed(body)['args']).toBeUndefined();
    }
  });

  it('nor can a name, a method, a reason or a detail', () => {
    const call: Call = { kind: 'request', method: MEGABYTES, name: MEGABYTES, args: {}, params: {} };
    for (const body of [
      bodyOf(call, 'redacted'),
      refusedBody([], fixedRefusal('(default deny)', MEGABYTES), undefined, COMMITTING),
      unreadBody({ ...SENDER, client: { name: MEGABYTES, version: MEGABYTES } }, MEGABYTES, MEGABYTES),
      strangerBody(MEGABYTES, MEGABYTES, 1, 60),
      eventBody('session ended', SENDER, { detail: MEGABYTES }),
      outcomeBody({ outcome: { kind: 'lost', reason: MEGABYTES }, masked: 0, withheld: undefined }, LATENCY),
    ]) {
      expect(body.length).toBeLessThan(10_000);
      expect(body).toContain('xxx');
    }
  });

  it('and what is cut in the middle of a character can still be read', () => {
    const smiles = `${'x'.repeat(1_999)}${'😀'.repeat(10)}`;
    for (const body of [
      strangerBody('127.0.0.1', smiles, 1, 60),
      eventBody('session ended', SENDER, { detail: smiles }),
      outcomeBody({ outcome: { kind: 'lost', reason: smiles }, masked: 0, withheld: undefined }, LATENCY),
      unreadBody(SENDER, `${'x'.repeat(199)}😀`, smiles),
    ]) {
      expect(JSON.stringify(parsed(body))).toContain('xxx');
    }
  });
});

describe('what of a call is on record', () => {
  it('its arguments, as much of them as the operator wants', () => {
    const call = called('tools/call', { name: 'login', arguments: { user: 'bob', password: 'hunter2' } });
    expect(parsed(bodyOf(call, 'redacted'))).toMatchObject({
      tool: 'login',
      class: 'read',
      args: { user: 'bob', password: '••••' },
      argsKept: 'redacted',
    });
    expect(parsed(bodyOf(call, 'keys'))).toMatchObject({ args: { user: 'string', password: 'string' } });
    const whole = toldOf(SENDER, call, 'read', undefined, 'full', (text) => `digest of ${text.length}`);
    expect(whole.kept).toBe('{"password":"hunter2","user":"bob"}');
    const body = parsed(refusedBody(whole.fields, fixedRefusal('(default deny)', 'No.'), undefined, COMMITTING));
    expect(body).toMatchObject({ argsKept: 'full', argsDigest: 'digest of 35' });
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('what a completion completes and what was typed, which are judged as arguments of the prompt or in the place of the URI', () => {
    const argument = { name: 'city', value: 'Par' };
    const prompt = called('completion/complete', {
      ref: { type: 'ref/prompt', name: 'travel' },
      argument,
      context: { arguments: { country: 'France', password: 'hunter2' } },
    });
    expect(prompt.args).toEqual({ country: 'France', password: 'hunter2', city: 'Par' });
    expect(parsed(bodyOf(prompt, 'redacted'))).toMatchObject({
      method: 'completion/complete',
      target: 'travel',
      args: { argument, context: { arguments: { country: 'France', password: '••••' } } },
    });
    const resource = called('completion/complete', { ref: { type: 'ref/resource', uri: 'demo://{city}' }, argument });
    expect(resource.args).toEqual({ uri: 'demo://Par' });
    expect(parsed(bodyOf(resource, 'redacted'))).toMatchObject({ args: { uri: 'demo://Par', argument } });
  });

  it('not what stands beside the arguments of other methods', () => {
    const call = called('prompts/get', {
      name: 'greet',
      arguments: { who: 'you' },
      argument: { name: 'a', value: 'b' },
    });
    expect(parsed(bodyOf(call, 'redacted'))['args']).toEqual({ who: 'you' });
  });
});
