import type { CallKind } from '../wire/call.ts';

/** The methods that list what a server has. */
export type ListMethod = 'tools/list' | 'prompts/list' | 'resources/list' | 'resources/templates/list';

export interface ListShape {
  /** What kind of call an item is for. */
  readonly kind: CallKind;
  /** Where the items stand in the result. */
  readonly items: string;
  /** Which key names an item. */
  readonly name: string;
  /** Which capability goes with them. */
  readonly capability: string;
}

export const LIST_SHAPES: { readonly [method in ListMethod]: ListShape } = {
  'tools/list': { kind: 'tool', items: 'tools', name: 'name', capability: 'tools' },
  'prompts/list': { kind: 'prompt', items: 'prompts', name: 'name', capability: 'prompts' },
  'resources/list': { kind: 'resource', items: 'resources', name: 'uri', capability: 'resources' },
  'resources/templates/list': {
    kind: 'resource',
    items: 'resourceTemplates',
    name: 'uriTemplate',
    capability: 'resources',
  },
};
