import { beforeEach, describe, expect, it } from 'vitest';
import { Identifying } from './identifying.ts';
import type { KnownPerson } from './people.ts';

let people: Map<string, KnownPerson>;
let tries: number;
let now: number;
let meanwhile: () => void;
let identifying: Identifying;

const ann = (credential: string): KnownPerson => ({
  person: { name: 'ann', roles: new Set(['approver']) },
  credential,
});

beforeEach(() => {
  people = new Map([['ann', ann('first')]]);
  [tries, now] = [0, 0];
  meanwhile = () => {};
  identifying = new Identifying(
    {
      async identify(secret, name) {
        if (name === undefined) return secret === 'token' ? people.get('ann') : undefined;
        tries++;
        const found = secret === 'passphrase' ? people.get(name) : undefined;
        meanwhile();
        return found;
      },
      personOf: (name) => people.get(name),
      isGrantToken: (secret) => secret === 'grant token',
    },
    () => now,
  );
});

const byPassphrase = (passphrase: string = 'passphrase') =>
  identifying.identify({ kind: 'passphrase', name: 'ann', passphrase }, '192.0.2.1');

describe('who somebody is', () => {
  it('is told by a token', async () => {
    expect(await identifying.identify({ kind: 'token', token: 'token' }, 's')).toMatchObject({ kind: 'person' });
    expect(await identifying.identify({ kind: 'token', token: 'grant token' }, 's')).toEqual({ kind: 'grant' });
    expect(await identifying.identify({ kind: 'token', token: 'passphrase' }, 's')).toMatchObject({ kind: 'nobody' });
  });

  it('is told by a passphrase, which is tried once in five minutes', async () => {
    for (let at = 0; at < 20; at++) expect(await byPassphrase()).toMatchObject({ kind: 'person' });
    expect(tries).toBe(1);
    expect(await byPassphrase('wrong')).toMatchObject({ kind: 'nobody' });
    now = 5 * 60_000;
    await byPassphrase();
    expect(tries).toBe(3);
  });

  it('is tried once for requests that come at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => byPassphrase()));
    expect(all.map(({ kind }) => kind)).toEqual(Array(20).fill('person'));
    expect(tries).toBe(1);
  });

  it('is tried again once the passphrase is another', async () => {
    await byPassphrase();
    people.set('ann', ann('second'));
    await byPassphrase();
    expect(tries).toBe(2);
  });

  it('is nobody if the passphrase was changed or the person removed while it was tried', async () => {
    meanwhile = () => people.set('ann', ann('second'));
    expect(await byPassphrase()).toMatchObject({ kind: 'nobody' });
    meanwhile = () => people.delete('ann');
    expect(await byPassphrase()).toMatchObject({ kind: 'nobody' });
  });
});
