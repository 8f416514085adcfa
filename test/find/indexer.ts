import { openSearch } from '../../src/store/sqlite/find/open-search.ts';

// A process of its own that indexes the log of a folder: FOLDER. It prints "at N" after each few records, and "done" at the end.
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('FOLDER');
const search = openSearch(folder);
for (let step = search.indexSome(20); step !== 'done'; step = search.indexSome(20)) {
  process.stdout.write(`${step}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
process.stdout.write('done\n');
await search.close();
