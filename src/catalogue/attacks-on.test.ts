import { describe, expect, it } from 'vitest';
import { loadAttacks } from '../settings/load-attacks.ts';
import { attacksOn } from './attacks-on.ts';
import type { Classification, SignalKind } from './classification.ts';

const attacks = loadAttacks();

function names(tool: string, riskClass: Classification['class'], kinds: readonly SignalKind[]): readonly string[] {
  const signals = kinds.map((kind) => ({ kind, parameter: undefined }));
  const [server = '', name = ''] = tool.split('/');
  return attacksOn(attacks, server, name, { class: riskClass, signals }).map((attack) => attack.name);
}

describe('for which attacks a tool is good', () => {
  it('those that name it, whatever its class is taken to be', () => {
    expect(names('mitmproxy/list_tools', 'unknown', [])).toEqual(['hidden-tool-leak']);
  });

  it('those that abuse its class with one of its signals', () => {
    expect(names('shop/refund', 'financial', ['amount'])).toEqual(['budget-refill']);
    expect(names('shop/show_refund', 'read', ['amount'])).toEqual([]);
  });

  it('not those that work with every tool', () => {
    expect(names('shop/look', 'read', [])).toEqual([]);
  });
});
