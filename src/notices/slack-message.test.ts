import { describe, expect, it } from 'vitest';
import { slackMessage } from './slack-message.ts';

const ID = 'ap_0123456789abcdefghijkl';
const APPROVAL = {
  id: ID,
  state: 'open',
  link: `https://gate.example/approvals/${ID}`,
  askedAt: '2026-06-01T12:00:00.000Z',
  expiresAt: '2026-06-01T12:15:00.000Z',
  grant: 'ci',
  owner: 'anna',
  server: 'files',
  kind: 'tool',
  method: 'tools/call',
  name: 'delete_file',
  class: 'destructive',
  reason: 'Deleting wants a person.',
  arguments: { path: '/srv/a & b' },
  agreed: 0,
  needed: 1,
  answers: [],
};

function textOf(approval: object, event = 'approval.asked'): string {
  return JSON.parse(slackMessage(JSON.stringify({ id: 'nt_1', event, time: '2026-06-01T12:00:00.000Z', approval })))
    .text;
}

describe('a question in a chat', () => {
  it('says who wants what, why it is asked, and where to decide', () => {
    expect(textOf(APPROVAL)).toBe(
      [
        'Approval needed: `delete_file` on `files` (`destructive`)',
        'Grant `ci` of `anna`',
        'Reason: `Deleting wants a person.`',
        '```',
        '{',
        '  "path": "/srv/a &amp; b"',
        '}',
        '```',
        'Until `2026-06-01T12:15:00.000Z`',
        `Decide: <https://gate.example/approvals/${ID}>`,
      ].join('\n'),
    );
  });

  it('names the command where there is no page', () => {
    expect(textOf({ ...APPROVAL, link: undefined })).toContain(`Decide: \`toolgate approvals show ${ID}\``);
  });

  it('says who answered, with the note and the changed arguments', () => {
    const answers = [{ by: 'berta', said: 'approve', channel: 'page', at: '2026-06-01T12:01:00.000Z', note: 'only b' }];
    const edit = { by: 'berta', arguments: { path: '/srv/b' } };
    const text = textOf({ ...APPROVAL, state: 'open', agreed: 1, needed: 2, answers, edit }, 'approval.answered');
    expect(text).toContain('`berta` approved, 1 of 2, with arguments changed by `berta`: `only b`');
    expect(text).toContain('"path": "/srv/b"');
    expect(text).not.toContain('/srv/a');
  });

  it('is not looked up by the chat: links in arguments are no previews', () => {
    const sent = JSON.parse(slackMessage(JSON.stringify({ event: 'approval.asked', approval: APPROVAL })));
    expect(sent).toMatchObject({ unfurl_links: false, unfurl_media: false });
  });
});

describe('what an agent or a server wrote', () => {
  const HOSTILE = [
    '<!channel> <!here|here> <@U024BE7LH> <#C024BE7LR|general>',
    '<https://evil.example|Approve here>',
    '@everyone @channel @all @here',
    '`] ``` [click](https://evil.example) ```',
    '&lt;!channel&gt; &amp;',
    'a\n\nApproval needed: nothing\r\u2028b',
    '\u202eevil\u0000\u001b[31m\u{e0041}\u200b',
    '',
    '   ',
  ];

  /** All that stands outside of code. */
  const outside = (text: string): string => text.replace(/```\n.*?\n```/gs, '').replace(/`[^`\n]+`/g, '');

  it.each(HOSTILE)('stands as code and does nothing: %j', (hostile) => {
    const approval = {
      ...APPROVAL,
      ...{
        name: hostile,
        server: hostile,
        grant: hostile,
        owner: hostile,
        class: hostile,
        reason: hostile,
        why: hostile,
      },
      arguments: { [hostile]: [hostile, { a: hostile }] },
      answers: [{ by: hostile, said: 'approve', note: hostile }],
      edit: { by: hostile, argumentsCut: hostile },
    };
    for (const one of [approval, { ...approval, edit: undefined }, { ...approval, link: hostile, id: hostile }]) {
      const text = textOf(one);
      expect(text).not.toMatch(/<[!@#]|@(?:everyone|channel|all|here)/);
      expect(text.match(/```/g)).toHaveLength(2);
      expect(text.match(/<(?!https:\/\/gate\.example\/approvals\/ap_\w+>)/)).toBeNull();
      expect(outside(text)).not.toMatch(/evil|click|nothing|channel/);
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202e\u2028]/u);
      expect(text.split('\n').filter((line) => line.startsWith('Approval needed'))).toHaveLength(1);
    }
  });

  it('makes no message longer than the chats take', () => {
    for (const filler of ['&', '@', '😀', 'x', '\u202e', '"', '\\']) {
      const long = filler.repeat(3_000);
      const approval = {
        ...APPROVAL,
        ...{ name: long, server: long, grant: long, owner: long, class: long, reason: long, why: long, link: long },
        ...{ expiresAt: long, agreed: 1, needed: 2 },
        arguments: { [long]: long },
        answers: [{ by: long, said: 'approve', note: long }],
        edit: { by: long, arguments: { [long]: long } },
      };
      const text = textOf(approval);
      expect(text.length).toBeLessThanOrEqual(2_000);
      expect(text.isWellFormed()).toBe(true);
    }
    const usual = textOf({ ...APPROVAL, arguments: { text: 'x'.repeat(3_000) } });
    expect(usual.length).toBeLessThanOrEqual(1_900);
    expect(usual.length).toBeGreaterThan(1_800);
  });
});

describe('other notices', () => {
  it('a policy that changed is told with its digests and by whom', () => {
    const notice = {
      event: 'policy.changed',
      policy: { name: 'prod', before: 'a'.repeat(64), after: 'b'.repeat(64), by: 'anna' },
    };
    expect(JSON.parse(slackMessage(JSON.stringify(notice))).text).toBe(
      'Policy changed: `prod` by `anna`\nSHA-256 `aaaaaaaaaaaa` → `bbbbbbbbbbbb`',
    );
    const file = { ...notice, policy: { ...notice.policy, before: null, by: 'file' } };
    expect(JSON.parse(slackMessage(JSON.stringify(file))).text).toBe(
      'Policy changed: `prod` in its file\nSHA-256 `none` → `bbbbbbbbbbbb`',
    );
  });

  it.each(['', 'no JSON', '[]', '{}', '{"event":"constructor"}', '{"event":7,"approval":{"answers":[1],"edit":[]}}'])(
    'whatever the notice is, there is a message: %s',
    (body) => {
      expect(JSON.parse(slackMessage(body)).text).toMatch(/\w/);
    },
  );
});
