import { afterAll, expect, test } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { ATTACKS } from './attacks.ts';
import { httpScene, type Scene, stdioScene } from './scene.ts';

type Transport = 'http' | 'stdio';

/** Tests one attack of the list by its id, over every transport that has it. */
export type Attack<S> = (id: string, check: (scene: S) => Promise<void>) => void;

/** Tests attacks on scenes of one kind; each is opened at its first test and used for all of a file. */
export function attacksOn<S extends { stop(): Promise<void> }>(
  open: Readonly<Record<Transport, () => Promise<S>>>,
): Attack<S> {
  const scenes = new Map<Transport, Promise<S>>();
  afterAll(async () => {
    for (const scene of scenes.values()) await (await scene).stop();
  });
  return (id, check) => {
    const found = ATTACKS.find((one) => one.id === id);
    if (found === undefined) throw new Error(`${id} is not in the list of attacks`);
    for (const transport of ['http', 'stdio'] as const) {
      if (found.only !== undefined && found.only.transport !== transport) continue;
      test(`${id} over ${transport === 'http' ? 'HTTP' : 'stdio'}: ${found.attack}`, async () => {
        const scene = scenes.get(transport) ?? open[transport]();
        scenes.set(transport, scene);
        await check(await scene);
      });
    }
  };
}

/** On a session of before 2026-07-28. */
export const onSession = (): Attack<Scene> => attacksOn({ http: httpScene, stdio: stdioScene });

/** A call that would pass, with something else for its text. */
export function echo(text: string, id: string | number = 7): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":{"name":"echo","arguments":{"text":${text}}}}`;
}

export const FINE: string = echo('"hostile"');

/** What the gate refused, as one text; fails if it let something through. */
export function refusalOf(reply: Obj | undefined): string {
  const error = objAt(reply, 'error');
  const result = objAt(reply, 'result');
  expect(reply, 'the gate says something').toBeDefined();
  expect(error['code'] !== undefined || result['isError'] === true, JSON.stringify(reply)).toBe(true);
  return error['code'] === undefined ? textOf(result) : `${error['code']} ${error['message']}`;
}

/** Does something that the gate must refuse; afterwards a good call passes, and it is the only call that the server has got. */
export async function unseen(scene: Scene, act: () => Promise<Obj | undefined>): Promise<string> {
  const before = scene.received().length;
  const refusal = refusalOf(await act());
  expect(textOf(objAt(await scene.client.call('echo', { text: 'still here' }), 'result'))).toBe('still here');
  const since = scene.received().slice(before);
  expect(since.join('\n')).not.toContain('hostile');
  expect(since.filter((line) => !/"method":"(?:tools\/list|notifications\/[a-z/]+)"/.test(line))).toHaveLength(1);
  return refusal;
}

/** The messages with a method that have reached the server since. */
export function callsSince(scene: Scene, before: number, method = 'tools/call'): readonly Obj[] {
  return scene
    .received()
    .slice(before)
    .map((line) => JSON.parse(line) as Obj)
    .filter((message) => message['method'] === method);
}
