// A server over stdio whose tools are what a file says at the moment: `node changing-server.ts TOOLS.json RECORD.jsonl`.
import { readFileSync } from 'node:fs';
import { textResult } from '../kit/json-rpc.ts';
import { serveStdio } from '../kit/serve-stdio.ts';
import type { ToolServer } from '../kit/tool-server.ts';

const [file, record] = process.argv.slice(2);
if (file === undefined || record === undefined) throw new Error('TOOLS.json RECORD.jsonl');

const server: ToolServer = {
  serverInfo: { name: 'changing-server', version: '1.0.0' },
  ...(process.env['INSTRUCTIONS'] === undefined ? {} : { instructions: process.env['INSTRUCTIONS'] }),
  get tools() {
    return JSON.parse(readFileSync(file, 'utf8'));
  },
  call(name, _args, way) {
    if (name === 'announce') way.send({ jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: {} });
    return textResult(`${name} was called`);
  },
};
serveStdio(server, { record });
