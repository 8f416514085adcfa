import { describe, expect, it, vi } from 'vitest';
import { otlpRecord } from '../../src/export/otlp-record.ts';
import type { StoredRecord } from '../../src/gateway/ports.ts';
import { checkedLinks, countOf, type ExportedLink } from './link-check.ts';
import { otlpFaults } from './otlp-check.ts';
import { toOtlp } from './plans.ts';
import { eventsOf, exportRig, write } from './rig.ts';
import { refuse, type Siem, type Taking, take } from './siem.ts';

const rig = exportRig();
const eventually = { timeout: 30_000, interval: 10 };

type Attribute = {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string };
};
interface LogRecord {
  readonly [key: string]: unknown;
  readonly attributes: readonly Attribute[];
}

function recordsIn(body: string): readonly LogRecord[] {
  return JSON.parse(body).resourceLogs[0].scopeLogs[0].logRecords;
}

function given({ attributes }: LogRecord): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}

/** What a collector that keeps attributes can put together again. */
function linkOf(record: LogRecord): ExportedLink {
  const at = (name: string): string => given(record)[`toolgate.record.${name}`] ?? '';
  const [writer, id, kind, hash, limits, body] = [
    at('writer'),
    at('id'),
    at('kind'),
    at('hash'),
    at('limits'),
    at('body'),
  ];
  return { writer, seq: Number(at('seq')), id, kind, at: Number(at('at')), hash, limits, body };
}

function linksAt({ deliveries }: Siem): readonly ExportedLink[] {
  return deliveries.flatMap(({ body }) => recordsIn(body).map(linkOf));
}

const RECORD: StoredRecord = {
  writer: 'd11e931ca0eb3b6d1f6faca193be00bc',
  seq: 7,
  id: 'pass-7',
  kind: 'call',
  at: 1_795_297_615_219,
  limits: '[]',
  body: '{}',
  hash: 'a'.repeat(64),
};

function told(record: Partial<StoredRecord>, body: object): LogRecord {
  return JSON.parse(otlpRecord({ ...RECORD, ...record, body: JSON.stringify(body) }, 1_795_297_616_000));
}

describe('a collector', () => {
  it('is given every record as OTLP wants it, with what proves it', async () => {
    const store = await rig.folder.open();
    await write(store, 250);
    const siem = await rig.siem();
    rig.run(store, [toOtlp(siem)]);
    await vi.waitFor(() => expect(countOf(checkedLinks(linksAt(siem)))).toBe(250), eventually);
    expect(siem.deliveries.flatMap(({ body }) => otlpFaults(body))).toEqual([]);
    const [first] = siem.deliveries;
    expect(first?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(first?.body ?? '').resourceLogs[0].resource).toEqual({
      attributes: [
        { key: 'service.name', value: { stringValue: 'gate' } },
        { key: 'service.version', value: { stringValue: '1.2.3' } },
      ],
    });
    expect(JSON.parse(first?.body ?? '').resourceLogs[0].scopeLogs[0].scope).toEqual({
      name: 'toolgate',
      version: '1.2.3',
    });
  });

  it.each<[string, Taking]>([
    ['has no time', refuse(503, { 'retry-after': '1' })],
    ['does not want it, which OTLP says is for good', refuse(400)],
    ['is not there', refuse(404)],
  ])('that %s loses nothing', async (_what, taking) => {
    const store = await rig.folder.open();
    await write(store, 20);
    const siem = await rig.siem(taking);
    rig.run(store, [toOtlp(siem)]);
    await vi.waitFor(() => expect(siem.deliveries.length).toBeGreaterThan(5), eventually);
    const before = siem.deliveries.length;
    siem.answer(take);
    await vi.waitFor(() => expect(countOf(checkedLinks(linksAt(siem).slice(0)))).toBe(22), eventually);
    expect(siem.deliveries.length).toBeGreaterThan(before);
  });

  it.each<[string, string]>([
    ['as a text, as the mapping wants it', '{"partialSuccess":{"rejectedLogRecords":"7","errorMessage":"too old"}}'],
    ['as a number', '{"partialSuccess":{"rejectedLogRecords":7}}'],
  ])('that drops some of a batch (%s) is told of loudly and not sent them again', async (_what, answer) => {
    const store = await rig.folder.open();
    await write(store, 20);
    const siem = await rig.siem((response) => {
      response.writeHead(200).end(answer);
      return 'keep';
    });
    rig.run(store, [toOtlp(siem)]);
    await vi.waitFor(() => expect(rig.log).toHaveLength(1), eventually);
    expect(rig.log[0]).toBe(
      'export "otel": the receiver took a batch but says that it dropped 7 records of it; its own log tells why',
    );
    await vi.waitFor(async () => {
      expect(await eventsOf(store)).toEqual([
        { event: 'export refused records', export: 'otel', to: 'otlp', refused: 7 },
      ]);
    }, eventually);
    // The record of it is exported too, and tells of no other.
    await vi.waitFor(() => expect(countOf(checkedLinks(linksAt(siem)))).toBe(21), eventually);
    expect(checkedLinks(linksAt(siem)).doubles).toBe(0);
  });

  it.each([
    '',
    'OK',
    '{}',
    '{"partialSuccess":{}}',
    '{"partialSuccess":{"rejectedLogRecords":"0","errorMessage":"slow down"}}',
    '[]',
  ])('that has it all, and says so with %j, is not bothered again', async (answer) => {
    const store = await rig.folder.open();
    await write(store, 5);
    const siem = await rig.siem((response) => {
      response.writeHead(200).end(answer);
      return 'keep';
    });
    rig.run(store, [toOtlp(siem)]);
    await vi.waitFor(async () => expect(await store.exports.all()).toEqual(new Map([['otel', 5]])), eventually);
    expect(rig.log).toEqual([]);
  });
});

it.each<[string, Taking]>([
  [
    'never ends',
    (response) => {
      response.writeHead(200).write('{"partialSuccess":');
      return 'keep';
    },
  ],
  [
    'is longer than anybody reads',
    (response) => {
      response.writeHead(200).end(' '.repeat(200_000));
      return 'keep';
    },
  ],
])('a collector whose answer %s has the records all the same', async (_what, taking) => {
  const store = await rig.folder.open();
  await write(store, 5);
  const siem = await rig.siem(taking);
  rig.run(store, [toOtlp(siem)], { timeoutMs: 10_000 });
  await vi.waitFor(async () => expect(await store.exports.all()).toEqual(new Map([['otel', 5]])), eventually);
  expect(siem.deliveries).toHaveLength(1);
  expect(rig.log).toEqual([]);
});

describe('a record for a collector', () => {
  it('is a call by the names of the conventions', () => {
    const call = told(
      {},
      {
        method: 'tools/call',
        tool: 'read_file',
        server: 'files',
        grant: 'ci',
        session: 's1',
        decision: 'allow',
        rule: '/default',
        class: 'read',
      },
    );
    expect(call).toMatchObject({
      timeUnixNano: '1795297615219000000',
      observedTimeUnixNano: '1795297616000000000',
      severityNumber: 9,
      severityText: 'INFO',
      eventName: 'toolgate.call',
      body: { stringValue: 'allow: tools/call read_file on files by ci (/default)' },
    });
    expect(given(call)).toMatchObject({
      'log.record.uid': 'a'.repeat(64),
      'mcp.method.name': 'tools/call',
      'mcp.session.id': 's1',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'read_file',
      'toolgate.server': 'files',
      'toolgate.decision': 'allow',
    });
  });

  it.each<[Partial<StoredRecord>, object, string, string]>([
    [{}, { decision: 'deny', method: 'tools/call', tool: 'rm' }, 'WARN', 'deny: tools/call rm'],
    [{}, { decision: 'require_approval', method: 'tools/call', tool: 'rm' }, 'INFO', 'require_approval: tools/call rm'],
    [
      { kind: 'refused' },
      { decision: 'deny', rule: '(message refused)' },
      'WARN',
      'deny: a message ((message refused))',
    ],
    [{ kind: 'outcome' }, { kind: 'ok' }, 'INFO', 'outcome: ok'],
    [{ kind: 'outcome' }, { kind: 'tool-error' }, 'ERROR', 'outcome: tool-error'],
    [{ kind: 'outcome' }, { kind: 'lost', detail: 'the server ended' }, 'ERROR', 'outcome: lost: the server ended'],
    [{ kind: 'outcome' }, { kind: 'cancelled' }, 'INFO', 'outcome: cancelled'],
    [{ kind: 'event' }, { event: 'session opened', server: 'files' }, 'INFO', 'session opened on files'],
    [{ kind: 'event' }, { event: 'export failing', export: 'siem' }, 'WARN', 'export failing'],
  ])('%j %j is %s: %s', (record, body, severityText, sentence) => {
    expect(told(record, body)).toMatchObject({ severityText, body: { stringValue: sentence } });
  });

  it('is an error as the conventions tell it', () => {
    expect(given(told({ kind: 'outcome' }, { kind: 'tool-error' }))).toMatchObject({ 'error.type': 'tool_error' });
    expect(given(told({ kind: 'outcome' }, { kind: 'error', code: -32602 }))).toMatchObject({
      'error.type': '-32602',
      'rpc.response.status_code': '-32602',
    });
    expect(given(told({}, { method: 'prompts/get', target: 'greet' }))).toMatchObject({
      'gen_ai.prompt.name': 'greet',
    });
    expect(given(told({}, { method: 'resources/read', target: 'file:///x' }))).toMatchObject({
      'mcp.resource.uri': 'file:///x',
    });
  });

  it.each([
    '',
    'no JSON',
    '[]',
    'null',
    '{"method":7,"client":[],"session":null,"decision":{"a":1}}',
    '{"__proto__":{"tool":"x"}}',
  ])('can be made of whatever stands in the log: %s', (body) => {
    const text = otlpRecord({ ...RECORD, at: Number.NaN, seq: 0.5, body }, -1);
    expect(otlpFaults(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${text}]}]}]}`)).toEqual([]);
    expect(given(JSON.parse(text))['toolgate.record.body']).toBe(body);
  });
});
