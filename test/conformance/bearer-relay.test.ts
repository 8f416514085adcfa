import { afterEach, expect, test } from 'vitest';
import { started } from '../kit/started.ts';
import { startBearerRelay } from './bearer-relay.ts';
import { compare, inWords } from './compare.ts';
import { fixtureCommand, startPrinting } from './fixture.ts';
import { runSuite } from './suite.ts';

const kit = started();
afterEach(() => kit.endAll());

test.each([
  ['legacy', '2025-11-25'],
  ['modern', '2026-07-28'],
] as const)('the relay before the gateway changes nothing by itself: %s', async (era, revision) => {
  const server = kit.add(await startPrinting(fixtureCommand(era, 'http')));
  const relay = kit.add(await startBearerRelay(Number(new URL(server.url).port), 'unused'));
  const run = (url: string) => runSuite(['server', '--url', url, '--requirements', revision]);
  const alone = await run(server.url);
  const relayed = await run(`http://127.0.0.1:${relay.port}/mcp`);
  expect(inWords(compare(alone, relayed), alone, relayed)).toBe('');
});
