// Answers the handshake and does not end when it is asked to: `node stubborn-server.ts FILE` writes its process number there.
import { writeFileSync } from 'node:fs';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE'] as const) process.on(signal, () => {});
setInterval(() => {}, 1_000);
process.stdin.once('data', (chunk: Buffer) => {
  const [line = ''] = chunk.toString('utf8').split('\n');
  const serverInfo = { name: 'stubborn', version: '1.0.0' };
  const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(line).id, result })}\n`);
});
writeFileSync(process.argv[2] ?? '', `${process.pid}\n`);
