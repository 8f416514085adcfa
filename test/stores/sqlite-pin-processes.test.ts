import { afterEach, expect, test } from 'vitest';
import { freshFolder } from './folder.ts';
import { told } from './pinning.ts';
import { type Caller, startScript } from './process.ts';
import { verified } from './story.ts';

const SERVERS = 60;
const folder = freshFolder();
let listers: Caller[] = [];

afterEach(async () => {
  for (const lister of listers) {
    lister.child.kill('SIGKILL');
    await lister.ended();
  }
  listers = [];
});

test('processes that meet many new servers at once never both take one at its word', async () => {
  listers = ['a', 'b', 'c'].map((name) => startScript('./lister.ts', [folder.path(), name, SERVERS]));
  for (const lister of listers) await lister.ended();
  expect(listers.map(({ lines }) => lines)).toEqual([['done'], ['done'], ['done']]);
  const store = await folder.open();
  const firsts = (await verified(store)).filter(({ body }) => body.includes('"tools pinned at first use"'));
  expect(firsts).toHaveLength(SERVERS);
  for (let n = 0; n < SERVERS; n += 1) {
    const [read = '', write = ''] = told(await store.pins(`server-${n}`));
    const whose = /^read: as (.) has it, then as . has it$/.exec(read)?.[1];
    expect(write).toMatch(new RegExp(`^write: as ${whose} has it, then `));
  }
}, 60_000);
