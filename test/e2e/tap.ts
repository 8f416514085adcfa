// Stands before a stdio server and keeps all that reaches it: `node tap.ts FILE COMMAND [ARG...]`.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const [file = '', command = '', ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['pipe', 'inherit', 'inherit'] });
process.stdin.on('data', (chunk: Buffer) => {
  appendFileSync(file, chunk);
  server.stdin.write(chunk);
});
process.stdin.on('end', () => server.kill());
server.stdin.on('error', () => {});
server.on('exit', (code) => process.exit(code ?? 0));
