// The suite as a server, without the gateway and behind it: what the gateway says to servers is what a good client says.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { PINNED } from './allowed.ts';
import { compare, inWords } from './compare.ts';
import { CLIENT_ROWS, CLIENT_SCENARIOS } from './matrix.ts';
import { type Results, runSuite, totalOf, withoutTraffic } from './suite.ts';

const DRIVER = fileURLToPath(new URL('./client-driver.ts', import.meta.url));

async function drive(front: string, scenario: string, version: string): Promise<Results> {
  const command = `'${process.execPath}' '${DRIVER}' ${front}`;
  const chosen = ['--scenario', scenario, '--spec-version', version];
  return withoutTraffic(await runSuite(['client', '--command', command, ...chosen, '--timeout', '50000']));
}

describe.each(CLIENT_SCENARIOS)('$scenario, $version', ({ scenario, version, total }) => {
  let alone: Results;
  beforeAll(async () => {
    alone = await drive('direct', scenario, version);
  });

  test('has the yardstick that it is held to', () => expect(totalOf(alone)).toBe(total));

  test.each(CLIENT_ROWS)('is the same directly and through the gateway, $row', async ({ row, front }) => {
    const through = await drive(front, scenario, version);
    const differences = compare(alone, through);
    const pinned = PINNED[`${row}, ${version}`]?.[scenario];
    expect(differences[scenario], inWords(differences, alone, through)).toEqual(pinned);
  });
});
