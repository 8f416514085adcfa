import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';

/** What a JSON value must look like as far as it is used; `?` for what may be null; a list of one shape for an array of it. */
type Shape =
  | 'text'
  | 'text?'
  | 'number'
  | 'object'
  | readonly [Shape]
  | { readonly [key: string]: Shape }
  | { readonly orNull: Shape };

/** Whether an object has a shape; keys beside those of the shape are let be. */
export function fits(value: Json | undefined, shape: ShapeOfObject): value is JsonObject {
  return isObject(value) && isLike(value, shape);
}

type ShapeOfObject = { readonly [key: string]: Shape };

function isLike(value: Json | undefined, shape: Shape): boolean {
  if (shape === 'text') return typeof value === 'string';
  if (shape === 'text?') return typeof value === 'string' || value === null;
  if (shape === 'number') return typeof value === 'number';
  if (shape === 'object') return isObject(value) && !JSON.isRawJSON(value);
  if (isList(shape)) return isArray(value) && value.every((element) => isLike(element, shape[0]));
  if ('orNull' in shape && shape['orNull'] !== undefined) return value === null || isLike(value, shape['orNull']);
  return isObject(value) && Object.entries(shape).every(([key, inner]) => isLike(value[key], inner));
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

const CHANGES: Shape = [{ pointer: 'text', text: 'text' }];

const SUMMARY = {
  id: 'text',
  state: 'text',
  askedAt: 'text',
  expiresAt: 'text',
  secondsLeft: 'number',
  grant: 'text',
  owner: 'text',
  server: 'text',
  kind: 'text',
  method: 'text',
  name: 'text',
  class: 'text',
  client: { name: 'text?', version: 'text?' },
  reason: 'text',
  rule: { document: 'text', pointer: 'text', id: 'text?' },
  agreed: 'number',
  needed: 'number',
  answers: [{ by: 'text', said: 'text', channel: 'text', at: 'text', note: 'text?' }],
  why: 'text?',
} as const;

export const PERSON: ShapeOfObject = { name: 'text', roles: ['text'] };
export const LIST: ShapeOfObject = { approvals: [SUMMARY] };
export const DETAIL: ShapeOfObject = {
  ...SUMMARY,
  description: 'text?',
  arguments: 'object',
  argumentsText: 'text',
  extraText: 'text?',
  edit: { orNull: { by: 'text', arguments: 'object', argumentsText: 'text', changes: CHANGES, moreChanges: 'number' } },
  lastApproved: {
    orNull: { id: 'text', at: 'text', grant: 'text', by: ['text'], changes: CHANGES, moreChanges: 'number' },
  },
  approvers: [{ roles: ['text'], owners: ['text'] }],
};
export const ANSWERED: ShapeOfObject = { kind: 'text', approval: SUMMARY };
export const PROPOSAL: ShapeOfObject = {
  kind: 'text',
  digest: 'text',
  admits: 'text',
  until: 'text',
  choices: 'object',
  changes: [{ policy: 'text', diff: 'text' }],
};
export const ADOPTED: ShapeOfObject = { kind: 'text', policies: [{ policy: 'text', digest: 'text' }] };
