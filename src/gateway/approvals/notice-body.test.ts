import { describe, expect, it } from 'vitest';
import type { Approval, Subject } from './approval.ts';
import { isoTime } from './iso-time.ts';
import { type NoticeSetting, noticeBody } from './notice-body.ts';

const AT = Date.UTC(2026, 5, 1, 12);
const SETTING: NoticeSetting = { id: 'nt_1', at: AT, tick: 5_000, url: 'https://gate.example', privacy: 'redacted' };
const ID = 'ap_0123456789abcdefghijkl';

const SUBJECT: Subject = {
  grant: 'ci',
  owner: 'anna',
  server: 'files',
  kind: 'tool',
  method: 'tools/call',
  name: 'delete_file',
  class: 'destructive',
  params: '{"arguments":{"path":"/srv/a"},"name":"delete_file"}',
  definition: 'digest',
  description: 'Believe me: this tool only reads.',
  rule: { document: 'policy', pointer: '/tools/delete_file', id: 'deletes', mark: 'mark' },
  reason: 'Deleting wants a person.',
  client: { name: 'agent', version: undefined },
  session: 'session-id',
  quorum: { count: 2, lists: [{ roles: ['approver'], owners: [] }] },
};

const APPROVAL: Approval = {
  id: ID,
  key: 'key',
  state: 'open',
  edition: 7,
  askedAt: AT - 60_000,
  expires: 5_000 + 840_000,
  subject: SUBJECT,
  answers: [],
  edit: undefined,
  used: undefined,
  why: undefined,
};

function told(subject: Partial<Subject> = {}, more: Partial<Approval> = {}, setting: Partial<NoticeSetting> = {}) {
  const approval = { ...APPROVAL, ...more, subject: { ...SUBJECT, ...subject } };
  const body = noticeBody('approval.asked', approval, { ...SETTING, ...setting });
  expect(body).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
  return JSON.parse(body);
}

const argumentsOf = (args: unknown): Partial<Subject> => ({
  params: JSON.stringify({ arguments: args, name: 'delete_file' }),
});

describe('a notice about a question', () => {
  it('says who asks for what, why, until when, and where to answer', () => {
    expect(told()).toEqual({
      id: 'nt_1',
      event: 'approval.asked',
      time: '2026-06-01T12:00:00.000Z',
      approval: {
        id: ID,
        state: 'open',
        link: `https://gate.example/approvals/${ID}`,
        askedAt: '2026-06-01T11:59:00.000Z',
        expiresAt: '2026-06-01T12:14:00.000Z',
        grant: 'ci',
        owner: 'anna',
        server: 'files',
        kind: 'tool',
        method: 'tools/call',
        name: 'delete_file',
        class: 'destructive',
        client: { name: 'agent', version: null },
        reason: 'Deleting wants a person.',
        rule: { document: 'policy', pointer: '/tools/delete_file', id: 'deletes' },
        arguments: { path: '/srv/a' },
        agreed: 0,
        needed: 2,
        answers: [],
      },
    });
  });

  it('has no link where nobody can reach a page, and no time limit once it is over', () => {
    expect(told({}, {}, { url: undefined }).approval).not.toHaveProperty('link');
    expect(told({}, { state: 'used' }).approval).not.toHaveProperty('expiresAt');
    expect(told({}, { state: 'approved' }).approval).toHaveProperty('expiresAt');
  });

  it('says who answered what, and what an approver made of the arguments', () => {
    const answers = [
      { by: 'berta', said: 'approve', channel: 'page', at: AT, note: 'only b' },
      { by: 'carl', said: 'deny', channel: 'command line', at: AT + 1, note: undefined },
    ] as const;
    const edit = { by: 'berta', params: '{"arguments":{"path":"/srv/b"},"name":"delete_file"}' };
    const { approval } = told({}, { state: 'denied', answers, edit, why: 'carl denied it.' });
    expect(approval).toMatchObject({
      agreed: 1,
      answers: [
        { by: 'berta', said: 'approve', channel: 'page', at: '2026-06-01T12:00:00.000Z', note: 'only b' },
        { by: 'carl', said: 'deny', channel: 'command line', at: '2026-06-01T12:00:00.001Z' },
      ],
      edit: { by: 'berta', arguments: { path: '/srv/b' } },
      why: 'carl denied it.',
    });
  });

  it('of a resource tells its address, of a completion what is completed', () => {
    const read = {
      kind: 'resource',
      method: 'resources/read',
      name: 'file:///a',
      params: '{"uri":"file:///a"}',
    } as const;
    expect(told(read).approval).toMatchObject({ name: 'file:///a', arguments: { uri: 'file:///a' } });
    expect(told(read).approval).not.toHaveProperty('class');
    const params = '{"argument":{"name":"city","value":"Ber"},"ref":{"name":"p","type":"ref/prompt"}}';
    const complete = { kind: 'prompt', method: 'completion/complete', name: 'p', params } as const;
    expect(told(complete).approval.arguments).toEqual({ argument: { name: 'city', value: 'Ber' } });
  });

  it('tells what is sent beside the arguments', () => {
    const params = '{"arguments":{"path":"/srv/a"},"name":"delete_file","options":{"recursive":true},"task":{"ttl":1}}';
    const { approval } = told({ params });
    expect(approval.arguments).toEqual({ path: '/srv/a' });
    expect(approval.extra).toEqual({ options: { recursive: true }, task: { ttl: 1 } });
    expect(told({ params }, {}, { privacy: 'keys' }).approval.extra).toEqual({ options: 'object', task: 'object' });
    const long = JSON.stringify({ arguments: {}, name: 'delete_file', password: 'hunter22', x: 'x'.repeat(5_000) });
    expect(told({ params: long }).approval.extraCut).toHaveLength(2_048);
    expect(JSON.stringify(told({ params: long }))).not.toContain('hunter22');
    expect(told().approval).not.toHaveProperty('extra');
    const read = {
      kind: 'resource',
      method: 'resources/read',
      name: 'file:///a',
      params: '{"as":"root","uri":"file:///a"}',
    };
    expect(told(read as Partial<Subject>).approval).toMatchObject({
      arguments: { uri: 'file:///a' },
      extra: { as: 'root' },
    });
  });

  it('has no words of the server about its own tool', () => {
    expect(JSON.stringify(told())).not.toContain('Believe me');
  });
});

describe('secrets in a notice', () => {
  const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

  it.each(['full', 'redacted', 'keys'] as const)(
    'are masked, also where the log keeps arguments as "%s"',
    (privacy) => {
      const params = JSON.stringify({ arguments: { password: 'hunter22', text: `use ${TOKEN}`, ok: 'fine' } });
      const edit = { by: 'berta', params };
      const answers = [{ by: 'berta', said: 'approve', channel: 'page', at: AT, note: `with ${TOKEN}` }] as const;
      const name = `https://anna:hunter22@host/?access_token=${TOKEN}`;
      const body = JSON.stringify(
        told({ params, name, reason: `because of ${TOKEN}` }, { edit, answers, why: `not ${TOKEN}` }, { privacy }),
      );
      expect(body).not.toContain('hunter22');
      expect(body).not.toContain(TOKEN.slice(4));
      expect(body.includes('fine')).toBe(privacy !== 'keys');
    },
  );

  it('are not left in halves where a long text is cut', () => {
    for (let before = 440; before < 520; before += 7) {
      const body = JSON.stringify(told({ reason: `${'x '.repeat(before / 2)}${TOKEN}` }));
      expect(body).not.toContain('ghp_0123');
    }
  });
});

describe('what is long', () => {
  it('has its arguments cut, as a text', () => {
    const { approval } = told(argumentsOf({ text: 'x'.repeat(5_000) }));
    expect(approval).not.toHaveProperty('arguments');
    expect(approval.argumentsCut).toHaveLength(2_048);
    expect(approval.argumentsCut).toMatch(/^\{"text":"xxx.*…$/);
  });

  it('of very long arguments tells the keys only', () => {
    expect(told(argumentsOf({ text: 'x'.repeat(100_000), n: 1 })).approval.arguments).toEqual({
      n: 'number',
      text: 'string',
    });
  });

  it.each(['x', '😀', '"', '\u2028', '\u0000'])('stays small whatever strangers write: %j', (filler) => {
    const long = filler.repeat(100_000);
    const answer = { by: long, said: 'approve', channel: 'page', at: AT, note: long } as const;
    const body = noticeBody(
      'approval.answered',
      {
        ...APPROVAL,
        subject: {
          ...SUBJECT,
          ...{ name: long, reason: long, method: long, ...argumentsOf({ [long]: long }) },
          client: { name: long, version: long },
          rule: { ...SUBJECT.rule, pointer: long, id: long },
        },
        answers: Array.from({ length: 50 }, () => answer),
        edit: { by: long, params: JSON.stringify({ arguments: { [long]: 1 } }) },
        why: long,
      },
      SETTING,
    );
    expect(body.length).toBeLessThan(70_000);
    expect(body.isWellFormed()).toBe(true);
    expect(JSON.parse(body).id).toBe('nt_1');
  });

  it.each(['', 'no JSON', '[]', '{"arguments":7}', '{"uri":7}'])(
    'params that cannot be read do no harm: %s',
    (params) => {
      expect(told({ params }).approval.id).toBe(ID);
    },
  );
});

it('a notice about a policy tells which, from what to what, and by whom', () => {
  const change = { name: 'prod', before: 'aa', after: undefined, by: 'file' };
  expect(JSON.parse(noticeBody('policy.changed', change, SETTING))).toEqual({
    id: 'nt_1',
    event: 'policy.changed',
    time: '2026-06-01T12:00:00.000Z',
    policy: { name: 'prod', before: 'aa', after: null, by: 'file' },
  });
});

it.each([0, 1, 951_782_400_000, 1_709_164_799_999, AT, AT + 999.75, -1, -62_135_596_700_000])(
  'times are written as everybody writes them: %d',
  (at) => {
    expect(isoTime(at)).toBe(at < -62_135_510_400_000 ? undefined : new Date(Math.floor(at)).toISOString());
  },
);

it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e18, -1e18])('a time that has no date is none: %d', (at) => {
  expect(isoTime(at)).toBeUndefined();
});
