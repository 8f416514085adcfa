import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemCrypto } from './system-crypto.ts';

it('gives ids that can be typed after a command: none is taken for an option', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-ids-'));
  try {
    const { id } = systemCrypto(folder);
    const ids = Array.from({ length: 20_000 }, () => id());
    expect(ids.filter((one) => one.startsWith('-'))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
