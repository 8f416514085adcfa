import { describe, expect, it } from 'vitest';
import { readJson, STRICT } from '../read-json.ts';
import { type HeaderParam, headerParamsOf, paramHeaderFault, paramHeaders } from './param-headers.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    count: { type: 'integer', 'x-mcp-header': 'Count' },
    dry: { type: 'boolean', 'x-mcp-header': 'Dry' },
    where: { type: 'object', properties: { zone: { type: 'string', 'x-mcp-header': 'Zone' } } },
    free: { type: 'string', default: { 'x-mcp-header': 'not a schema' } },
  },
};

function read(value: unknown): never {
  const found = readJson(JSON.stringify(value), STRICT);
  if (found.kind === 'fault') throw new Error(found.reason);
  return found.value as never;
}

function params(schema: unknown = SCHEMA): readonly HeaderParam[] {
  const found = headerParamsOf(read(schema));
  if (found.kind === 'unusable') throw new Error(found.reason);
  return found.params;
}

describe('the arguments that a schema wants in headers', () => {
  it('are found wherever only "properties" leads', () => {
    expect(params().map(({ header, path }) => [header, path.join('.')])).toEqual([
      ['region', 'region'],
      ['count', 'count'],
      ['dry', 'dry'],
      ['zone', 'where.zone'],
    ]);
  });

  it.each([
    ['a number', { type: 'object', properties: { a: { type: 'number', 'x-mcp-header': 'A' } } }],
    ['an object', { type: 'object', properties: { a: { type: 'object', 'x-mcp-header': 'A' } } }],
    ['no type', { type: 'object', properties: { a: { 'x-mcp-header': 'A' } } }],
    ['an empty name', { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': '' } } }],
    ['a name with a blank', { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'a b' } } }],
    [
      'a name with a line break',
      { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'a\r\nx: y' } } },
    ],
    [
      'more of them than a request has room for',
      {
        type: 'object',
        properties: Object.fromEntries(
          Array.from({ length: 65 }, (_, at) => [`a${at}`, { type: 'string', 'x-mcp-header': `A${at}` }]),
        ),
      },
    ],
    [
      'two of one name',
      {
        type: 'object',
        properties: { a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'a' } },
      },
    ],
    [
      'one within an array',
      { type: 'object', properties: { a: { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } } } },
    ],
    [
      'one within a choice',
      { type: 'object', anyOf: [{ properties: { a: { type: 'string', 'x-mcp-header': 'A' } } }] },
    ],
    ['one at the root', { type: 'object', 'x-mcp-header': 'A' }],
  ])('make a tool unusable over HTTP: %s', (_what, schema) => {
    expect(headerParamsOf(read(schema)).kind).toBe('unusable');
  });

  it('of a schema nested without end are found unusable, not a fault', () => {
    let schema: unknown = { type: 'string', 'x-mcp-header': 'A' };
    for (let depth = 0; depth < 45; depth++) schema = { type: 'object', properties: { a: schema } };
    const deeper = {
      type: 'object',
      properties: { a: JSON.parse(`${'{"a":'.repeat(150)}1${'}'.repeat(150)}`) as never },
    };
    expect(headerParamsOf(deeper).kind).toBe('unusable');
    expect(headerParamsOf(read(schema)).kind).toBe('params');
  });
});

describe('the headers of a call', () => {
  it('repeat its arguments; what is absent or null has none', () => {
    const args = read({ region: ' eu', count: 3, dry: false, where: { zone: null } });
    expect(paramHeaders(params(), args)).toEqual({
      'mcp-param-region': '=?base64?IGV1?=',
      'mcp-param-count': '3',
      'mcp-param-dry': 'false',
    });
  });

  it.each([
    ['as they are', { region: 'eu', count: 3, dry: true }, { region: 'eu', count: '3', dry: 'true' }, undefined],
    ['numbers by their value', { count: 30 }, { count: '3e1' }, undefined],
    ['a missing one', { region: 'eu' }, {}, 'the header Mcp-Param-region is missing'],
    ['another value', { region: 'eu' }, { region: 'us' }, 'is not the argument in the body'],
    ['other case', { region: 'eu' }, { region: 'EU' }, 'is not the argument in the body'],
    ['one without argument', {}, { region: 'eu' }, 'stands for an argument that is not there'],
    ['one for null', { region: null }, { region: 'eu' }, 'stands for an argument that is not there'],
    ['a malformed one', { region: 'eu' }, { region: '=?base64?***?=' }, 'is malformed'],
    ['hexadecimal', { count: 16 }, { count: '0x10' }, 'is not the argument in the body'],
    ['one that no schema names', {}, { other: 'x' }, undefined],
  ])('are compared: %s', (_what, args, received, fault) => {
    const found = paramHeaderFault(params(), read(args), new Map(Object.entries(received)));
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });
});
