import { describe, expect, it } from 'vitest';
import { loadedSettings } from '../../test/kit/loaded-settings.ts';
import { greeting, newTokens, tellUnanswerable, tellUnfit } from './greeting.ts';
import { type InForce, inForce } from './in-force.ts';
import { unfitToRenew } from './renewal.ts';

const URL = 'http://127.0.0.1:8787';
const OWN = 'a-token-of-twenty-characters';
const PHRASE = `scrypt:131072:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`;
const PEOPLE = {
  bob: { roles: ['approver', 'editor'] },
  carol: { roles: ['admin'], token: OWN },
  dave: { roles: ['viewer'], passphrase: PHRASE },
};

async function withPeople(people: object, more: object = {}, stored?: InForce): Promise<InForce> {
  return inForce(await loadedSettings({ people, ...more }), stored?.tokens.kept ?? new Map());
}

describe('people are told at the start', () => {
  it('where they answer, and the token that was made, once', async () => {
    const first = await withPeople(PEOPLE);
    const told = greeting(first, URL, 'Configuration: toolgate.jsonc');
    const answers = `  Approvals       ${URL}/approvals, or: npm run -s toolgate -- approvals list --url ${URL}`;
    const token = first.tokens.madeForPeople.get('bob');
    expect(told.split('\n\n').slice(1)).toEqual([
      `Person bob (approver, editor)\n${answers}\n  Token           ${token}   (shown once; keep it)`,
      `Person carol (admin)\n${answers}`,
      `Person dave (viewer)\n${answers}`,
      'Ctrl-C stops it.\n',
    ]);
    const again = greeting(await withPeople(PEOPLE, {}, first), URL, '');
    expect(again).not.toContain(token);
    expect(again).toContain('shown when it was made; --new-person-token bob makes another and ends the old one');
    for (const text of [told, again]) expect(text).not.toContain(OWN);
  });

  it('the address that the configuration gives for the page', async () => {
    const told = greeting(await withPeople(PEOPLE, { approvals: { url: 'https://gate.example.com/' } }), URL, '');
    expect(told).toContain(
      `https://gate.example.com/approvals, or: npm run -s toolgate -- approvals list --url ${URL}`,
    );
  });
});

describe('when a changed configuration is taken up', () => {
  it('a new person is told their token, and nobody else anything', async () => {
    const first = await withPeople({ carol: PEOPLE.carol });
    const next = await withPeople(PEOPLE, {}, first);
    const token = next.tokens.madeForPeople.get('bob');
    expect(newTokens(next, URL)).toMatch(
      new RegExp(`^Person bob: token ${token}   \\(shown once; keep it\\)\\n  Approvals {7}${URL}/approvals, .*\\n$`),
    );
    expect(newTokens(await withPeople(PEOPLE, {}, next), URL)).toBe('');
  });

  it('a token that is a grant’s as well is named, without the token', async () => {
    const agent = { owner: 'alice', servers: { s: 'open' } };
    const first = await withPeople({}, { grants: { agent } });
    const token = first.tokens.made.get('agent');
    const next = await withPeople({ bob: { roles: ['admin'], token } }, { grants: { agent } }, first);
    const lines: string[] = [];
    tellUnfit(next, (line) => void lines.push(line));
    expect(lines).toEqual([
      'person bob: the token in the configuration is that of a grant and opens nothing; give bob another',
    ]);
  });
});

describe('a policy that asks what nobody can answer', () => {
  const asks = { version: '1', default: 'deny', tools: { pay: { action: 'require_approval' } } };
  const agent = { agent: { owner: 'alice', servers: { s: 'asks' } } };

  async function toldOf(people: object, policy: object, grants: object = agent): Promise<readonly string[]> {
    const lines: string[] = [];
    tellUnanswerable(await withPeople(people, { grants, policies: { asks: policy } }), (line) => void lines.push(line));
    return lines;
  }

  it('is told of, with the remedy', async () => {
    const remedy = 'name enough people under "people" of the configuration (wanted: the role approver)';
    const nobody = `nobody can answer what the policy asks asks: every such call ends unanswered, and is refused; ${remedy}`;
    for (const people of [{}, { dave: PEOPLE.dave }]) {
      expect(await toldOf(people, asks)).toEqual([expect.stringContaining(nobody)]);
    }
    expect(await toldOf({ bob: PEOPLE.bob }, { ...asks, approvals: { count: 2 } })).toEqual([
      expect.stringContaining('the policy asks wants 2 people to agree, and only bob may answer'),
    ]);
  });

  it('is none where somebody can, where it is in shadow, asks nothing, or is held by no grant', async () => {
    expect(await toldOf(PEOPLE, asks)).toEqual([]);
    expect(await toldOf({}, { ...asks, mode: 'shadow' })).toEqual([]);
    expect(await toldOf({}, { ...asks, tools: { pay: { approve_if: [] } } })).toEqual([]);
    expect(await toldOf({}, asks, {})).toEqual([]);
  });
});

describe('a new token is refused', () => {
  it.each<[string, string]>([
    ['erin', '--new-person-token erin: there is no such person in f.json'],
    [
      'carol',
      '--new-person-token carol: the token stands in f.json; change it there, or take it out there to have one made',
    ],
    [
      'dave',
      '--new-person-token dave: a passphrase stands in f.json, and who has one is given no token; write a token there too, or take it out',
    ],
  ])('to %s', async (newPersonToken, said) => {
    const settings = await loadedSettings({ people: PEOPLE });
    expect(unfitToRenew({ newToken: undefined, newPersonToken }, settings, 'f.json')).toBe(said);
  });

  it('to nobody else', async () => {
    const settings = await loadedSettings({ people: PEOPLE });
    expect(unfitToRenew({ newToken: undefined, newPersonToken: 'bob' }, settings, 'f.json')).toBeUndefined();
    expect(unfitToRenew({ newToken: undefined, newPersonToken: undefined }, settings, 'f.json')).toBeUndefined();
    expect(unfitToRenew({ newToken: 'bob', newPersonToken: undefined }, settings, 'f.json')).toContain('no such grant');
  });
});
