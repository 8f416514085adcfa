import type { StoredRecord } from '../gateway/ports.ts';
import { attributes } from './attributes.ts';
import { type Told, toldBy } from './told.ts';

/** Numbers of OTLP's `SeverityNumber`. */
const INFO = { severityNumber: 9, severityText: 'INFO' } as const;
const WARN = { severityNumber: 13, severityText: 'WARN' } as const;
const ERROR = { severityNumber: 17, severityText: 'ERROR' } as const;
type Severity = typeof INFO | typeof WARN | typeof ERROR;

const BAD_OUTCOMES: ReadonlySet<string> = new Set(['tool-error', 'error', 'unsent', 'lost']);
const BAD_EVENTS: ReadonlySet<string> = new Set(['export failing', 'export refused records', 'notice given up']);

/**
 * A record as a `LogRecord` of OTLP, in the JSON mapping of its protobuf. Names are those of OpenTelemetry's semantic conventions where it
 * has one; what the hash covers goes along as it stands, so that the receiver can check it. `observedAt`: wall time, ms.
 */
export function otlpRecord(record: StoredRecord, observedAt: number): string {
  const told = toldBy(record.body);
  return JSON.stringify({
    timeUnixNano: nanos(record.at),
    observedTimeUnixNano: nanos(observedAt),
    ...severityOf(record, told),
    eventName: `toolgate.${record.kind}`,
    body: { stringValue: sentence(record, told) },
    attributes: attributes([...conventional(record, told), ...searchable(told), ...proving(record)]),
  });
}

/** A time that no nanosecond stands for is unknown: 0. */
function nanos(ms: number): string {
  return Number.isSafeInteger(ms) && ms > 0 ? `${ms}000000` : '0';
}

function severityOf({ kind }: StoredRecord, told: Told): Severity {
  switch (kind) {
    case 'refused':
      return WARN;
    case 'call':
      return told.text('decision') === 'deny' ? WARN : INFO;
    case 'outcome':
      return BAD_OUTCOMES.has(told.text('kind') ?? '') ? ERROR : INFO;
    case 'event':
      return BAD_EVENTS.has(told.text('event') ?? '') ? WARN : INFO;
  }
}

type Given = readonly (readonly [key: string, value: unknown])[];

/** https://github.com/open-telemetry/semantic-conventions, `mcp`, `gen_ai`, `error`, `rpc`, `log`. */
function conventional({ kind, hash }: StoredRecord, told: Told): Given {
  const method = told.text('method');
  const tool = told.text('tool');
  const target = told.text('target');
  return [
    ['log.record.uid', hash],
    ['mcp.method.name', method],
    ['mcp.session.id', told.text('session')],
    ['gen_ai.operation.name', method === 'tools/call' ? 'execute_tool' : undefined],
    ['gen_ai.tool.name', tool],
    ['gen_ai.prompt.name', method === 'prompts/get' ? target : undefined],
    ['mcp.resource.uri', method?.startsWith('resources/') ? target : undefined],
    ...(kind === 'outcome' ? errorOf(told) : []),
  ];
}

function errorOf(told: Told): Given {
  const kind = told.text('kind') ?? '';
  if (!BAD_OUTCOMES.has(kind)) return [];
  const code = told.scalar('code');
  if (code === undefined) return [['error.type', kind === 'tool-error' ? 'tool_error' : kind]];
  return [
    ['error.type', String(code)],
    ['rpc.response.status_code', String(code)],
  ];
}

/** What people look for, beside the conventions. */
function searchable(told: Told): Given {
  return [
    ['toolgate.grant', told.text('grant')],
    ['toolgate.owner', told.text('owner')],
    ['toolgate.server', told.text('server')],
    ['toolgate.client.name', told.text('client', 'name')],
    ['toolgate.client.version', told.text('client', 'version')],
    ['toolgate.tool.class', told.text('class')],
    ['toolgate.decision', told.text('decision')],
    ['toolgate.rule', told.text('rule')],
    ['toolgate.rule.id', told.text('ruleId')],
    ['toolgate.reason', told.text('reason')],
    ['toolgate.policy', told.text('policyName')],
    ['toolgate.approval', told.text('approval')],
    ['toolgate.outcome', told.text('kind')],
    ['toolgate.event', told.text('event')],
  ];
}

/** What the hash of the link covers, but the hash before it, which is that of the writer's record before. */
function proving({ writer, seq, id, kind, at, limits, body, hash }: StoredRecord): Given {
  return [
    ['toolgate.record.writer', writer],
    ['toolgate.record.seq', seq],
    ['toolgate.record.id', id],
    ['toolgate.record.kind', kind],
    ['toolgate.record.at', String(at)],
    ['toolgate.record.limits', limits],
    ['toolgate.record.body', body],
    ['toolgate.record.hash', hash],
  ];
}

/** One short line for people. */
function sentence({ kind }: StoredRecord, told: Told): string {
  const where = [part(' on ', told.text('server')), part(' by ', told.text('grant'))].join('');
  switch (kind) {
    case 'call':
    case 'refused': {
      const name = told.text('tool') ?? told.text('target') ?? '';
      const what = [told.text('method') ?? 'a message', name].filter((word) => word !== '').join(' ');
      return `${told.text('decision') ?? 'unknown'}: ${what}${where}${part(' (', told.text('rule'), ')')}`;
    }
    case 'outcome':
      return `outcome: ${told.text('kind') ?? 'unknown'}${part(': ', told.text('detail'))}`;
    case 'event':
      return `${told.text('event') ?? 'event'}${where}`;
  }
}

function part(before: string, text: string | undefined, after = ''): string {
  return text === undefined ? '' : `${before}${text}${after}`;
}
