import { expect, it } from 'vitest';
import { said } from './seen.ts';
import { freshLegacyWorld } from './world.ts';

it('an offer that would be kept for long and is too large is refused, and no server is started for it', async () => {
  const world = freshLegacyWorld({ version: '1', default: 'allow', tools: {} });
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'x'.repeat(70_000), version: '1' },
  };
  expect(said(await world.client({ jsonrpc: '2.0', id: 1, method: 'initialize', params }))).toContain('65536');
  expect(world.journal.lines.filter(({ what }) => what === 'sent')).toEqual([]);
  expect(world.session.phase).toBe('ended');
});
