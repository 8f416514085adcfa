/**
 * What the JSON mapping of protobuf, as OTLP narrows it, wants of logs: keys in lowerCamelCase that the message has, 64-bit whole numbers as
 * texts, enumerations as numbers. Written from opentelemetry-proto's logs.proto and common.proto alone; gives the paths of what is wrong.
 */
export function otlpFaults(text: string): readonly string[] {
  return object(JSON.parse(text), '', { resourceLogs: list(resourceLogs) });
}

type Check = (value: unknown, path: string) => readonly string[];

const string: Check = (value, path) => (typeof value === 'string' ? [] : [`${path}: no text`]);
const uint64: Check = (value, path) =>
  typeof value === 'string' && /^(0|[1-9]\d{0,19})$/.test(value) && BigInt(value) < 2n ** 64n
    ? []
    : [`${path}: no fixed64`];
const int64: Check = (value, path) =>
  typeof value === 'string' && /^-?(0|[1-9]\d{0,18})$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value)
    ? []
    : [`${path}: no int64`];
const severity: Check = (value, path) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 24 ? [] : [`${path}: no severity`];
const bool: Check = (value, path) => (typeof value === 'boolean' ? [] : [`${path}: no truth value`]);

const anyValue: Check = (value, path) => {
  const faults = object(value, path, { stringValue: string, intValue: int64, boolValue: bool });
  return Object.keys(value as object).length === 1 ? faults : [...faults, `${path}: not exactly one value`];
};
const keyValue: Check = (value, path) => object(value, path, { key: string, value: anyValue });
const attributes: Check = (value, path) => {
  const keys = (value as readonly { readonly key: string }[]).map(({ key }) => key);
  const doubles = keys.filter((key, nth) => keys.indexOf(key) !== nth).map((key) => `${path}: ${key} twice`);
  return [...list(keyValue)(value, path), ...doubles];
};
const logRecord: Check = (value, path) =>
  object(value, path, {
    timeUnixNano: uint64,
    observedTimeUnixNano: uint64,
    severityNumber: severity,
    severityText: string,
    eventName: string,
    body: anyValue,
    attributes,
  });
const scopeLogs: Check = (value, path) =>
  object(value, path, {
    scope: (scope, at) => object(scope, at, { name: string, version: string }),
    logRecords: list(logRecord),
  });
const resourceLogs: Check = (value, path) =>
  object(value, path, {
    resource: (resource, at) => object(resource, at, { attributes }),
    scopeLogs: list(scopeLogs),
  });

function list(check: Check): Check {
  return (value, path) =>
    Array.isArray(value) ? value.flatMap((one, nth) => check(one, `${path}/${nth}`)) : [`${path}: no list`];
}

function object(value: unknown, path: string, keys: Readonly<Record<string, Check>>): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no object`];
  return Object.entries(value).flatMap(
    ([key, inner]) => keys[key]?.(inner, `${path}/${key}`) ?? [`${path}/${key}: unknown`],
  );
}
