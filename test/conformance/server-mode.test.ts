// The suite against servers, without the gateway and through it: the same scenarios come to the same checks.
import { afterEach, describe, expect, test } from 'vitest';
import { started } from '../kit/started.ts';
import { PINNED } from './allowed.ts';
import { startBehindGateway } from './behind-gateway.ts';
import { compare, inWords } from './compare.ts';
import { startPrinting } from './fixture.ts';
import { SERVER_ROWS } from './matrix.ts';
import { type Results, runSuite, totalOf } from './suite.ts';

const kit = started();
afterEach(() => kit.endAll());

function against(url: string, run: readonly string[]): Promise<Results> {
  return runSuite(['server', '--url', url, ...run]);
}

describe.each(SERVER_ROWS)('$row', ({ row, direct, behind, run, total }) => {
  test('is the same directly and through the gateway', { timeout: 180_000 }, async () => {
    const server = kit.add(await startPrinting(direct));
    const alone = await against(server.url, run);
    expect(totalOf(alone)).toBe(total);

    const gateway = kit.add(await startBehindGateway(behind === undefined ? { url: server.url } : { command: behind }));
    const through = await against(gateway.url, run);
    const differences = compare(alone, through);
    const totals = `${total} directly, ${totalOf(through)} through the gateway`;
    const words = `${totals}\n${inWords(differences, alone, through)}\n${gateway.stderr().slice(-4000)}`;
    expect(differences, words).toEqual(PINNED[row] ?? {});
  });
});
