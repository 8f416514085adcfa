import { describe, expect, it } from 'vitest';
import { classOfText } from '../../test/kit/text-class.ts';
import { definitionOf, type KnownTool } from './definitions.ts';
import { shownTools } from './pins/shown-tools.ts';
import { SharedTools } from './shared-tools.ts';

function known(...tools: readonly { readonly name: string; readonly description?: string }[]): readonly KnownTool[] {
  const listed = tools.map((tool) => ({ inputSchema: { type: 'object' }, ...tool }));
  const shown = shownTools(listed);
  return listed.map((tool, index) => definitionOf(tool, shown[index]));
}

describe('definitions that many sessions have', () => {
  it('are one where they are equal, and apart where anything differs', () => {
    const shared = new SharedTools();
    const [first, other] = known({ name: 'echo' }, { name: 'sum' }).map((tool) => shared.one(tool));
    const [again, changed] = [...known({ name: 'echo' }), ...known({ name: 'sum', description: 'new' })];
    expect(shared.one(again as KnownTool)).toBe(first);
    expect(shared.one(changed as KnownTool)).not.toBe(other);
  });

  it('are apart where two servers are known to mean different things by the same words', () => {
    const shared = new SharedTools();
    const of = (what: string): KnownTool => {
      const [one] = known({ name: 'echo' });
      return { ...one, shown: { ...one?.shown, live: classOfText(`class: ${what}`) } } as KnownTool;
    };
    const [first, other] = [of('read'), of('destructive')];
    expect(shared.one(first)).toBe(first);
    expect(shared.one(other)).toBe(other);
    expect(shared.one(of('read'))).toBe(first);
  });

  it('of a name that stands twice in a list are nobody else’s', () => {
    const shared = new SharedTools();
    const [one, two] = known({ name: 'echo' }, { name: 'echo' });
    expect(shared.one(one as KnownTool)).toBe(one);
    expect(shared.one(two as KnownTool)).toBe(two);
  });

  it('are not kept without end', () => {
    const shared = new SharedTools();
    const large = (name: string): KnownTool => known({ name, description: 'x'.repeat(1_000_000) })[0] as KnownTool;
    const first = shared.one(large('tool-0'));
    for (let index = 1; index < 20; index++) shared.one(large(`tool-${index}`));
    expect(shared.one(large('tool-0'))).not.toBe(first);
  });
});
