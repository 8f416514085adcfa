import { afterEach, describe, expect, test } from 'vitest';
import { FRONTS, type OpenSite } from '../e2e/site.ts';
import { objAt, textOf } from '../kit/json-rpc.ts';
import { lineClient } from '../kit/line-client.ts';
import { started } from '../kit/started.ts';
import { readTools, type UpstreamTools } from '../kit/upstream-tools.ts';
import { mitmproxy } from './commands.ts';
import { folderFor } from './ground.ts';

const kit = started();
afterEach(() => kit.endAll());

/** What is known of the 25 tools of version 0.6.0. */
const KNOWN: UpstreamTools<{ readonly name: string }> = readTools('mitmproxy.tools.json');

/** What the server itself answers to `tools/list`. */
async function listedByServer(): Promise<unknown> {
  const folder = folderFor(kit);
  const [program = '', ...args] = mitmproxy(folder);
  const server = kit.add(lineClient(program, args, { env: { HOME: folder } }));
  await server.initialize();
  return objAt(await server.request('tools/list'), 'result');
}

/** Names and schemas: the words of the descriptions are not ours to keep. */
function schemasOf(list: readonly object[]): readonly unknown[] {
  return list.map((tool) => ({ ...tool, description: undefined }));
}

describe.each(FRONTS)('the 25 tools of the Mitmproxy server, %s', (_name, openSite: OpenSite) => {
  test('an open gate changes nothing in their definitions', async () => {
    const folder = folderFor(kit);
    const policy = { version: '1', default: 'allow', tools: {} };
    const env = { HOME: folder };
    const site = kit.add(await openSite({ server: 'mitmproxy', command: mitmproxy(folder), policy, env }));
    const client = await site.raw();
    await client.initialize();
    const listed = objAt(await client.request('tools/list'), 'result');
    expect(listed).toEqual(await listedByServer());
    const tools = listed['tools'] as readonly { readonly name: string }[];
    expect(tools).toHaveLength(25);
    expect(schemasOf(tools)).toEqual(schemasOf(KNOWN.tools));
  });

  test('a policy that names none of them lets none of them pass', async () => {
    const folder = folderFor(kit);
    const policy = { version: '1', default: 'deny', tools: {} };
    const env = { HOME: folder };
    const site = kit.add(await openSite({ server: 'mitmproxy', command: mitmproxy(folder), policy, env }));
    const client = await site.raw();
    await client.initialize();
    expect(objAt(await client.request('tools/list'), 'result')['tools']).toEqual([]);
    for (const { name } of KNOWN.tools) {
      const { result } = await client.call(name, {});
      expect(textOf(result)).toContain('[POLICY DENIED]');
    }
    expect(site.called()).toEqual([]);
  });
});
