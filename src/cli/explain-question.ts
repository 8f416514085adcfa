import type { RiskClass, Subject } from '../policy/decision.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { CLASSES } from '../policy/words.ts';
import { readIsoTime } from '../settings/iso-time.ts';
import type { Call, CallKind } from '../wire/call.ts';
import { isObject, type JsonObject, objectOf } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { type OptionKinds, type Options, UsageFault } from './options.ts';

/** One call, who makes it, and when. */
export interface Question {
  readonly call: Call;
  readonly subject: Subject;
  readonly riskClass: RiskClass;
  readonly at: number;
  /** Calls let through before, by tool. */
  readonly calls: ReadonlyMap<string, number>;
}

export const QUESTION_OPTIONS: OptionKinds = {
  tool: 'text',
  resource: 'text',
  prompt: 'text',
  request: 'text',
  args: 'text',
  class: 'text',
  at: 'text',
  grant: 'text',
  owner: 'text',
  labels: 'text',
  client: 'text',
  'client-version': 'text',
  session: 'text',
  server: 'text',
  calls: 'text',
};

const METHODS: { readonly [kind in CallKind]: string } = {
  tool: 'tools/call',
  resource: 'resources/read',
  prompt: 'prompts/get',
  request: '',
};
const REQUESTS: { readonly [word: string]: string } = {
  sampling: 'sampling/createMessage',
  elicitation: 'elicitation/create',
  roots: 'roots/list',
};

/** Reads what is asked. Throws `UsageFault`. */
export function readQuestion({ texts }: Options, now: number): Question {
  return {
    call: callOf(texts),
    subject: {
      grant: {
        name: texts.get('grant') ?? 'local',
        owner: texts.get('owner') ?? 'local',
        labels: readLabels(texts.get('labels')),
      },
      server: texts.get('server') ?? 'local',
      session: texts.get('session') ?? 'local',
      client: { name: texts.get('client'), version: texts.get('client-version') },
    },
    riskClass: readClass(texts.get('class') ?? 'unknown'),
    at: readTime(texts.get('at'), now),
    calls: readCalls(texts.get('calls')),
  };
}

function callOf(texts: ReadonlyMap<string, string>): Call {
  const kinds = (['tool', 'resource', 'prompt', 'request'] as const).filter((kind) => texts.has(kind));
  const [kind] = kinds;
  if (kind === undefined) throw new UsageFault('--tool NAME is missing (or --resource, --prompt, --request)');
  if (kinds.length > 1) throw new UsageFault(`one of --${kinds.join(', --')} only`);
  const word = texts.get(kind) ?? '';
  const given = readObject('args', texts.get('args') ?? '{}', '{"path":"/tmp"}');
  if (kind === 'request') {
    const method = REQUESTS[word];
    if (method === undefined) throw new UsageFault('--request must be one of sampling, elicitation, roots');
    return { kind, method, name: method, args: given, params: given };
  }
  const args = kind === 'resource' ? objectOf([['uri', word]]) : given;
  const params = kind === 'resource' ? args : objectOf([...namedParams(word, args)]);
  return { kind, method: METHODS[kind], name: word, args, params };
}

function namedParams(name: string, args: JsonObject): readonly (readonly [string, string | JsonObject])[] {
  return [
    ['name', name],
    ['arguments', args],
  ];
}

function readObject(option: string, text: string, example: string): JsonObject {
  const read = readJson(text, STRICT);
  if (read.kind === 'fault') {
    throw new UsageFault(`--${option} is not JSON: ${read.reason}, at character ${read.at + 1}`);
  }
  if (!isObject(read.value)) throw new UsageFault(`--${option} must be a JSON object, such as ${example}`);
  return read.value;
}

function readLabels(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {};
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(readObject('labels', text, '{"team":"ops"}'))) {
    if (typeof value !== 'string') throw new UsageFault(`--labels: the label ${quoted(name)} must be a text`);
    labels[name] = value;
  }
  return labels;
}

function readCalls(text: string | undefined): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  if (text === undefined) return calls;
  for (const [tool, value] of Object.entries(readObject('calls', text, '{"read_secret":2}'))) {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new UsageFault(`--calls: the count of ${quoted(tool)} must be a whole number`);
    }
    calls.set(tool, value);
  }
  return calls;
}

function readClass(text: string): RiskClass {
  const known = CLASSES.find((word) => word === text);
  if (known !== undefined) return known;
  throw new UsageFault(`--class must be one of ${CLASSES.join(', ')}, not ${quoted(text)}${didYouMean(text, CLASSES)}`);
}

function readTime(text: string | undefined, now: number): number {
  const at = text === undefined ? now : readIsoTime(text);
  if (at !== undefined) return at;
  throw new UsageFault('--at must be a day (2027-01-01) or a time with its zone (2027-01-01T08:00:00Z)');
}
