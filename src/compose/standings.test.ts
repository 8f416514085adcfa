import { expect, it } from 'vitest';
import { loadedSettings } from '../../test/kit/loaded-settings.ts';
import { standingOf, standingsOf } from './standings.ts';

const house = { version: '1', default: 'allow', tools: { 'a/b': { reason: 'why', action: 'require_approval' } } };
const own = {
  version: '1',
  default: 'deny',
  all_tools: { approve_if: [{ conditions: [] }, { id: 'two', conditions: [] }] },
};

it('a standing tells what the rule at a place of its policy or baseline says, whichever way it is written', async () => {
  const settings = await loadedSettings({
    policies: { own, house },
    baseline: 'house',
    grants: { agent: { owner: 'alice', servers: { s: 'own' } } },
  });
  const standing = standingOf(standingsOf(settings), 'agent', 's', 0);
  const cases: readonly (readonly ['policy' | 'baseline', string, string | undefined])[] = [
    ['policy', '/all_tools/approve_if/1', '{"conditions":[],"id":"two"}'],
    ['policy', '/default', '"deny"'],
    ['policy', '/all_tools/approve_if/2', undefined],
    ['policy', '/all_tools/approve_if/-1', undefined],
    ['policy', '/all_tools/approve_if/length', undefined],
    ['policy', '/tools/a~1b', undefined],
    ['policy', '/constructor', undefined],
    ['policy', '/default/length', undefined],
    ['baseline', '/tools/a~1b', '{"action":"require_approval","reason":"why"}'],
    ['baseline', '/all_tools', undefined],
  ];
  for (const [document, pointer, text] of cases) {
    expect(standing?.ruleText(document, pointer), `${document} ${pointer}`).toBe(text);
  }
});

it('a standing without a baseline knows no rule of one', async () => {
  const settings = await loadedSettings({
    policies: { own },
    grants: { agent: { owner: 'a', servers: { s: 'own' } } },
  });
  expect(standingOf(standingsOf(settings), 'agent', 's', 0)?.ruleText('baseline', '/default')).toBeUndefined();
});
