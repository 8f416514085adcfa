// A fast stdio server for the bench.
import { createInterface } from 'node:readline';
import { answer } from './answer.ts';

createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
  const text = answer(JSON.parse(line));
  if (text !== undefined) process.stdout.write(`${text}\n`);
});
