import { describe, expect, it } from 'vitest';
import { hashToken, identify } from './credentials.ts';

const TOKEN = 'a-token-of-the-laptop-grant';
const TABLE = new Map([[hashToken(TOKEN), 'laptop']]);

describe('who holds a bearer token', () => {
  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER   ${TOKEN}`])('is found by %s', (header) => {
    expect(identify(header, TABLE)).toEqual({ kind: 'grant', label: 'laptop' });
  });

  it.each([
    [undefined, 'no bearer token'],
    ['', 'the Authorization header is no bearer token'],
    ['Bearer', 'the Authorization header is no bearer token'],
    [`Basic ${TOKEN}`, 'the Authorization header is no bearer token'],
    [TOKEN, 'the Authorization header is no bearer token'],
    [`Bearer ${TOKEN} more`, 'the Authorization header is no bearer token'],
    [`Bearer ${TOKEN}, Bearer ${TOKEN}`, 'the Authorization header is no bearer token'],
    [`Bearer ${'x'.repeat(5000)}`, 'the Authorization header is no bearer token'],
    [`Bearer ${TOKEN}x`, 'unknown token'],
    [`Bearer ${TOKEN.slice(1)}`, 'unknown token'],
    [`Bearer ${TOKEN.toUpperCase()}`, 'unknown token'],
    [`Bearer ${hashToken(TOKEN)}`, 'unknown token'],
    ['Bearer __proto__', 'unknown token'],
  ])('is nobody for %s', (header, reason) => {
    expect(identify(header, TABLE)).toEqual({ kind: 'stranger', reason });
  });

  it('never repeats what was sent', () => {
    expect(JSON.stringify(identify('Bearer my-own-secret-my-own-secret', TABLE))).not.toContain('my-own-secret');
  });
});
