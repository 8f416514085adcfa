// The suite's scenarios for the tasks extension, against a server that has tasks: directly, and through the gateway.
import { afterEach, describe, expect, test } from 'vitest';
import { started } from '../kit/started.ts';
import { startBehindGateway } from './behind-gateway.ts';
import { compare, inWords } from './compare.ts';
import { fixtureCommand, startPrinting } from './fixture.ts';
import { TASK_SCENARIOS } from './matrix.ts';
import { type Check, type Results, runSuite, totalOf } from './suite.ts';

const kit = started();
afterEach(() => kit.endAll());

const TASKS = fixtureCommand('tasks', 'http');

/** Each scenario is a run of its own, and mostly waits; a few at a time. */
async function against(url: string): Promise<Results> {
  const left = [...TASK_SCENARIOS];
  const all: (readonly [string, readonly Check[]])[] = [];
  const runSome = async (): Promise<void> => {
    for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
      all.push(...(await runSuite(['server', '--url', url, '--scenario', scenario])));
    }
  };
  await Promise.all([runSome(), runSome(), runSome()]);
  return new Map(all);
}

describe.each([
  ['7: HTTP, a server with tasks over HTTP, 2026-07-28', undefined],
  ['7: HTTP, a server with tasks over stdio, 2026-07-28', fixtureCommand('tasks', 'stdio')],
])('%s', (_row, behind) => {
  test('is the same directly and through the gateway', { timeout: 180_000 }, async () => {
    const server = kit.add(await startPrinting(TASKS));
    const alone = await against(server.url);
    expect(totalOf(alone)).toBe('44/0');

    const gateway = kit.add(await startBehindGateway(behind === undefined ? { url: server.url } : { command: behind }));
    const through = await against(gateway.url);
    const differences = compare(alone, through);
    const totals = `${totalOf(alone)} directly, ${totalOf(through)} through the gateway`;
    const words = `${totals}\n${inWords(differences, alone, through)}\n${gateway.stderr().slice(-4000)}`;
    expect(differences, words).toEqual({});
  });
});
