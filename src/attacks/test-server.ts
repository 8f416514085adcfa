// A scenario's server over stdio, in a process of its own: `node test-server.ts SCENARIO ROLE RECORD PUBLISHED PACKAGE`.
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { answerOf, fieldsIn } from './conversation.ts';
import type { Machine } from './played-server.ts';
import { scenarioOf } from './scenarios.ts';

const [name = '', role = '', recordFile = '', publishedFile = '', installed = ''] = process.argv.slice(2);
const record = (line: string): void => appendFileSync(recordFile, `${JSON.stringify(line)}\n`);
const machine: Machine = {
  did: (what) => record(`did: ${what}`),
  installed,
  published: () => readFileSync(publishedFile, 'utf8'),
};

const open = (await scenarioOf(name)).servers[role];
if (open === undefined) throw new Error(`${name} has no server ${role}`);
const server = open(machine);
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const answer = answerOf(server, fieldsIn(JSON.parse(line)), { authorization: undefined }, record);
  if (answer !== undefined) process.stdout.write(`${JSON.stringify(answer)}\n`);
});
lines.on('close', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
