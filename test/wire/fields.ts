import { isObj, type Obj } from '../kit/json-rpc.ts';

/** The fields that a server of the usual make takes out of a message, by the object that they stand in. `read.py` and `read.go` hold the same. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': ['id', 'method', 'params'],
  params: [
    ...['_meta', 'name', 'arguments', 'uri', 'cursor', 'ref', 'argument', 'context', 'level', 'task', 'taskId'],
    ...['requestId', 'reason', 'progressToken', 'progress', 'total', 'protocolVersion', 'capabilities', 'clientInfo'],
    ...['inputResponses', 'requestState', 'notifications'],
  ],
  'params._meta': [
    'progressToken',
    'io.modelcontextprotocol/protocolVersion',
    'io.modelcontextprotocol/clientCapabilities',
    'io.modelcontextprotocol/clientInfo',
    'io.modelcontextprotocol/logLevel',
  ],
  'params._meta.io.modelcontextprotocol/clientInfo': ['name', 'version'],
  'params.ref': ['type', 'name', 'uri'],
  'params.argument': ['name', 'value'],
  'params.context': ['arguments'],
  'params.clientInfo': ['name', 'version'],
};

/** What stands under the exact keys, flat: `params._meta.progressToken` and the like. */
export function fieldsOf(message: Obj): Obj {
  const out: Obj = {};
  look(message, '', out);
  return out;
}

function look(value: Obj, place: string, out: Obj): void {
  for (const name of FIELDS[place] ?? []) {
    if (!Object.hasOwn(value, name)) continue;
    const member = value[name];
    const path = place === '' ? name : `${place}.${name}`;
    if (isObj(member) && !JSON.isRawJSON(member) && FIELDS[path] !== undefined) look(member, path, out);
    else out[path] = member;
  }
}
