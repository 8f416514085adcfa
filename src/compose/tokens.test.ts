import { describe, expect, it } from 'vitest';
import { loadedSettings } from '../../test/kit/loaded-settings.ts';
import { hashToken } from '../inbound/credentials.ts';
import { grantKey, peopleTokens, personKey, type Tokens, tokensOf } from './tokens.ts';

const OWN = 'a-token-of-twenty-characters';
const PHRASE = `scrypt:131072:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`;
const AGENT = { owner: 'alice', servers: { s: 'open' } };
const APPROVER = { roles: ['approver'] };

const both = await loadedSettings({ grants: { agent: AGENT }, people: { bob: APPROVER } });
const madeForBob = (tokens: Tokens): string => tokens.madeForPeople.get('bob') ?? '';

describe('the token of a person', () => {
  it('is made when the configuration gives neither token nor passphrase, and opens nothing that a grant opens', () => {
    const tokens = tokensOf(both, new Map());
    expect(madeForBob(tokens)).toMatch(/^tgp_[\w-]{43}$/);
    const hash = hashToken(madeForBob(tokens));
    expect(tokens.people).toEqual(new Map([[hash, 'bob']]));
    expect(tokens.table.has(hash)).toBe(false);
    expect(tokens.kept.get(personKey('bob'))).toBe(hash);
    expect([...tokens.table.values()]).toEqual(['agent']);
  });

  it('that was made is kept, and not shown again', () => {
    const first = tokensOf(both, new Map());
    const next = tokensOf(both, first.kept);
    expect(next.madeForPeople.size).toBe(0);
    expect(next.people).toEqual(first.people);
    expect(next.kept).toEqual(first.kept);
  });

  it('is made anew when that is asked for, and no other is', () => {
    const first = tokensOf(both, new Map());
    const next = tokensOf(both, first.kept, [personKey('bob')]);
    expect(madeForBob(next)).not.toBe(madeForBob(first));
    expect(next.people.has(hashToken(madeForBob(first)))).toBe(false);
    expect(next.table).toEqual(first.table);
    const grant = tokensOf(both, first.kept, [grantKey('agent')]);
    expect([grant.people, grant.made.size]).toEqual([first.people, 1]);
  });

  it('is not made for who has a token or a passphrase of their own', async () => {
    const settings = await loadedSettings({
      people: { bob: { ...APPROVER, token: OWN }, carol: { ...APPROVER, passphrase: PHRASE } },
    });
    const tokens = tokensOf(settings, new Map([[personKey('carol'), hashToken('one that was made before')]]));
    expect(tokens.people).toEqual(new Map([[hashToken(OWN), 'bob']]));
    expect([tokens.madeForPeople.size, tokens.kept.size]).toEqual([0, 0]);
  });

  it('does not come back with a person who was gone', async () => {
    const first = tokensOf(both, new Map());
    const without = tokensOf(await loadedSettings({ grants: { agent: AGENT } }), first.kept);
    expect(without.kept.has(personKey('bob'))).toBe(false);
    expect(tokensOf(both, without.kept).people).not.toEqual(first.people);
  });

  it('is not that of a grant with the same name', async () => {
    const settings = await loadedSettings({ grants: { bob: AGENT }, people: { bob: APPROVER } });
    const { table, people, kept } = tokensOf(settings, new Map());
    expect(kept.size).toBe(2);
    expect([...table.keys()].some((hash) => people.has(hash))).toBe(false);
  });
});

describe('a token that an agent knows opens nothing for a person', () => {
  it('when what was made for a grant is written down for a person', async () => {
    const first = tokensOf(both, new Map());
    const token = first.made.get('agent') ?? '';
    const settings = await loadedSettings({ grants: { agent: AGENT }, people: { bob: { ...APPROVER, token } } });
    const next = tokensOf(settings, first.kept);
    expect(next.people.size).toBe(0);
    expect(next.unfit).toEqual(['bob']);
    expect(next.table).toEqual(first.table);
  });

  it('when what was made for a person is written down for a grant: the person gets another', async () => {
    const first = tokensOf(both, new Map());
    const token = madeForBob(first);
    const settings = await loadedSettings({ grants: { agent: { ...AGENT, token } }, people: { bob: APPROVER } });
    const next = tokensOf(settings, first.kept);
    expect(next.table).toEqual(new Map([[hashToken(token), 'agent']]));
    expect(madeForBob(next)).not.toBe('');
    expect(next.people).toEqual(new Map([[hashToken(madeForBob(next)), 'bob']]));
  });
});

it('a token that was made for one, and is written down for another of their kind, is the other’s', async () => {
  const first = tokensOf(both, new Map());
  const agents = { agent: AGENT, other: { ...AGENT, token: first.made.get('agent') } };
  const people = { bob: APPROVER, carol: { ...APPROVER, token: madeForBob(first) } };
  const next = tokensOf(await loadedSettings({ grants: agents, people }), first.kept);
  expect(next.table.get(hashToken(first.made.get('agent') ?? ''))).toBe('other');
  expect(next.people.get(hashToken(madeForBob(first)))).toBe('carol');
  expect([next.made.has('agent'), next.madeForPeople.has('bob')]).toEqual([true, true]);
});

describe('who only looks', () => {
  it('finds the same people by their tokens', async () => {
    const settings = await loadedSettings({
      grants: { agent: AGENT },
      people: { bob: APPROVER, carol: { ...APPROVER, token: OWN }, dave: { ...APPROVER, passphrase: PHRASE } },
    });
    const made = tokensOf(settings, new Map());
    expect(peopleTokens(settings, made.kept)).toEqual(made.people);
    expect([...made.people.values()]).toEqual(['bob', 'carol']);
  });

  it('makes no token for a person who was never given one', () => {
    expect(peopleTokens(both, new Map()).size).toBe(0);
  });

  it('finds nobody by a token that an agent knows', async () => {
    const first = tokensOf(both, new Map());
    const token = first.made.get('agent') ?? '';
    const settings = await loadedSettings({ grants: { agent: AGENT }, people: { bob: { ...APPROVER, token } } });
    expect(peopleTokens(settings, first.kept).size).toBe(0);
  });
});
