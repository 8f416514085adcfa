import { bareObject, type Json, type JsonObject, objectOf } from './json.ts';
import type { MessageId, RpcError } from './message.ts';

export function request(id: MessageId, method: string, params: JsonObject): JsonObject {
  return objectOf([
    ['jsonrpc', '2.0'],
    ['id', id],
    ['method', method],
    ['params', params],
  ]);
}

export function notification(method: string, params: JsonObject): JsonObject {
  return objectOf([
    ['jsonrpc', '2.0'],
    ['method', method],
    ['params', params],
  ]);
}

export function result(id: MessageId, value: Json): JsonObject {
  return objectOf([
    ['jsonrpc', '2.0'],
    ['id', id],
    ['result', value],
  ]);
}

export function error(id: MessageId | null, fault: RpcError): JsonObject {
  const told = bareObject();
  told['code'] = fault.code;
  told['message'] = fault.message;
  if (fault.data !== undefined) told['data'] = fault.data;
  return objectOf([
    ['jsonrpc', '2.0'],
    ['id', id],
    ['error', told],
  ]);
}
