import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { boundWords } from '../../src/policy/except/bound-words.ts';
import { boundsFor } from '../../src/policy/except/bounded.ts';
import { proposeException } from '../../src/policy/except/propose-exception.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { toolCall } from '../laws/arbitrary.ts';
import { strictObject } from '../laws/arbitrary-value.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/reference/always-allow.md', import.meta.url)), 'utf8');

it('shows what becomes of a policy', () => {
  const [before, after] = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']): JsonObject => {
    return strictObject({ version: '1', default: 'deny', ...JSON.parse(text) });
  });
  if (before === undefined) throw new Error('the page shows nothing');
  const proposal = proposeException({
    documents: { policy: { document: before, digest: '' }, baseline: undefined },
    ask: {
      subject: {
        grant: { name: 'desk', owner: 'alice', labels: {} },
        server: 'bank',
        session: 's',
        client: { name: undefined, version: undefined },
      },
      call: toolCall('pay', strictObject({ to: 'acme', amount: 40 })),
      target: { class: 'financial', definition: undefined },
      rule: { document: 'policy', pointer: '/tools/pay/action' },
      at: Date.UTC(2026, 10, 21),
    },
  });
  expect(proposal.kind === 'proposal' && proposal.changes.map((change) => change.after)).toEqual([after]);
});

it('names every choice', () => {
  const table = [...PAGE.matchAll(/^\| `([^`]+)` \|/gm)].map(([, words]) => words);
  const offered = [5, '/srv/a/b', 'https://example.com/', 'INV-1'].flatMap((value) =>
    boundsFor('a', value).map(boundWords),
  );
  const kinds = offered.map((words) =>
    words.replace(/^within .*/, 'within FOLDER').replace(/^begins with .*/, 'begins with TEXT'),
  );
  expect(new Set(table)).toEqual(new Set(kinds.filter((words) => words !== 'exact')));
});
