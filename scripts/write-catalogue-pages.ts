// Writes docs/catalogue from the catalogue: a page for each server and each tool. What is there and is none of them goes.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownFiles } from '../src/catalogue/pages/markdown-files.ts';
import { loadShelf } from '../src/settings/load-shelf.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/catalogue/', import.meta.url));
rmSync(folder, { recursive: true, force: true });
let count = 0;
for (const [file, text] of markdownFiles(await loadShelf())) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
  count += 1;
}
console.log(`${count} pages`);
