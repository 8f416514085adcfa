import { Client as NextClient, type SubscriptionFilter } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { everything, openPlace, type Place, program, WAYS } from './place.ts';
import { eventually } from './rig.ts';

const OPEN: Obj = { version: '1', default: 'allow', tools: {} };
const NO_ECHO: Obj = { ...OPEN, hide: ['echo'] };

const kit = started();
afterEach(() => kit.endAll());

/** A client of either SDK, and what it was told. */
interface Listener {
  /** How often it was told that the tools changed. */
  changes(): number;
  readonly updated: readonly string[];
  tools(): Promise<readonly string[]>;
  call(name: string, args?: Obj): Promise<string>;
}

async function listener(
  place: Place,
  filter: SubscriptionFilter,
): Promise<Listener & { readonly closed: Promise<string> }> {
  const client = new NextClient(
    { name: 'listener', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  let changes = 0;
  const updated: string[] = [];
  client.setNotificationHandler('notifications/tools/list_changed', () => void changes++);
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void updated.push(params.uri));
  await client.connect(place.transport());
  kit.add({ stop: () => client.close() });
  const subscription = await client.listen(filter);
  expect(subscription.honoredFilter).toMatchObject({ toolsListChanged: true });
  return {
    changes: () => changes,
    updated,
    closed: subscription.closed,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}) => textOf(await client.callTool({ name, arguments: args })),
  };
}

async function oldListener(place: Place): Promise<Listener & { readonly client: Client }> {
  const client = new Client({ name: 'listener', version: '1.0.0' }, { capabilities: {} });
  let changes = 0;
  const updated: string[] = [];
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void changes++);
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
  await client.connect(place.oldTransport());
  kit.add({ stop: () => client.close() });
  return {
    client,
    changes: () => changes,
    updated,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}) => textOf(await client.callTool({ name, arguments: args })),
  };
}

async function told(listening: Listener, story: () => unknown): Promise<void> {
  const before = listening.changes();
  await story();
  await eventually('the client is told', () => listening.changes() > before);
}

describe.each(WAYS)('a client of 2026-07-28 that listens, $front in front and $back behind', (ways) => {
  const open = async (policy: Obj = OPEN): Promise<Place> =>
    kit.add(await openPlace({ ...ways, server: program('./asking-server.ts', 'modern'), policy }));

  it('hears when the policy is edited, and then lists other tools', async () => {
    const place = await open();
    const listening = await listener(place, { toolsListChanged: true });
    expect(await listening.tools()).toContain('echo');
    await told(listening, () => place.edit(NO_ECHO));
    expect(await listening.tools()).not.toContain('echo');
    await told(listening, () => place.edit(OPEN));
    expect(await listening.tools()).toContain('echo');
  });

  it('hears when the server has a new tool, which is held, and when a person accepts it', async () => {
    const place = await open();
    const listening = await listener(place, { toolsListChanged: true });
    expect(await listening.tools()).not.toContain('extra');
    await told(listening, () => listening.call('grow'));
    expect(await listening.tools()).not.toContain('extra');
    expect(await listening.call('extra')).toMatch(/^\[POLICY DENIED\]/);
    expect(place.heard().map(({ tool }) => tool)).not.toContain('extra');
    await told(listening, () => place.command('tools', 'accept', 'extra'));
    expect(await listening.tools()).toContain('extra');
    expect(await listening.call('extra')).toBe('extra');
  });

  it('hears of the resources that it may read, and of no others', async () => {
    const place = await open({ ...OPEN, resources: { 'note://secret': { action: 'deny' } } });
    const filter = { toolsListChanged: true, resourceSubscriptions: ['note://secret', 'note://open'] };
    const listening = await listener(place, filter);
    await listening.call('touch', { uri: 'note://secret' });
    await listening.call('touch', { uri: 'note://open' });
    await eventually('it is told', () => listening.updated.includes('note://open'));
    expect(listening.updated).not.toContain('note://secret');
    const watched = (await place.log()).filter(({ method }) => method === 'subscriptions/listen');
    expect(watched.map(({ target, decision }) => `${decision} ${target}`).sort()).toEqual([
      'allow note://open',
      'deny note://secret',
    ]);
  });
});

describe.each([{ front: 'HTTP' }, { front: 'stdio' }] as const)('a client of a session over $front', ({ front }) => {
  it('hears when the policy is edited, and then lists other tools', async () => {
    const place = kit.add(await openPlace({ front, back: 'stdio', server: everything, policy: OPEN }));
    const listening = await oldListener(place);
    expect(await listening.tools()).toContain('echo');
    await told(listening, () => place.edit(NO_ECHO));
    expect(await listening.tools()).not.toContain('echo');
    await told(listening, () => place.edit(OPEN));
    expect(await listening.tools()).toContain('echo');
  });

  it('hears when the server has a new tool, which is held, and when a person accepts it', async () => {
    const server = program('./asking-server.ts', 'both');
    const place = kit.add(await openPlace({ front, back: 'stdio', server, policy: OPEN }));
    const listening = await oldListener(place);
    expect(await listening.tools()).not.toContain('extra');
    await told(listening, () => listening.call('grow'));
    expect(await listening.tools()).not.toContain('extra');
    await told(listening, () => place.command('tools', 'accept', 'extra'));
    expect(await listening.tools()).toContain('extra');
    expect(await listening.call('extra')).toBe('extra');
  });

  it('is told of the resources that it may read, and of no others', async () => {
    const policy = { ...OPEN, resources: { 'demo://resource/static/document/*': { action: 'deny' } } };
    const place = kit.add(await openPlace({ front, back: 'stdio', server: everything, policy }));
    const listening = await oldListener(place);
    const denied = 'demo://resource/static/document/features.md';
    const allowed = 'demo://resource/dynamic/text/1';
    await expect(listening.client.subscribeResource({ uri: denied })).rejects.toThrow('[POLICY DENIED]');
    await listening.client.subscribeResource({ uri: allowed });
    await listening.call('toggle-subscriber-updates');
    await eventually('it is told', () => listening.updated.includes(allowed));
    expect(listening.updated).not.toContain(denied);
    const subscribed = place.heard().filter(({ method }) => method === 'resources/subscribe');
    expect(subscribed.map((one) => objAt(one, 'params')['uri'])).toEqual([allowed]);
  });
});

describe('a grant that is taken out of the configuration', () => {
  it('has its subscription ended, and nothing more passes', async () => {
    const server = program('./asking-server.ts', 'modern');
    const place = kit.add(await openPlace({ front: 'HTTP', back: 'stdio', server, policy: OPEN }));
    const listening = await listener(place, { toolsListChanged: true });
    const before = performance.now();
    place.configure((config) => ({ ...config, grants: { bob: objAt(config, 'grants')['bob'] } }));
    expect(await listening.closed).not.toBe('local');
    // A second is what it takes; a busy machine may need more.
    expect(performance.now() - before).toBeLessThan(10_000);
    await expect(listening.call('echo', { text: 'hi' })).rejects.toThrow();
    expect(place.heard()).toEqual([]);
  });
});
