// A server over stdio that writes down which calls it heard, before it answers: `node hearing-server.ts FILE [SILENT_ON]`.
// It never answers a call whose text holds that word.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { objAt, readObj } from '../kit/json-rpc.ts';

const [file = '', silentOn] = process.argv.slice(2);
const TOOL = { name: 'note', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } };

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = readObj(line);
  if (message?.['id'] === undefined) return;
  const answer = (result: object): void => {
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message['id'], result })}\n`);
  };
  switch (message['method']) {
    case 'initialize': {
      const { protocolVersion } = objAt(message, 'params');
      answer({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'hearing', version: '1' } });
      return;
    }
    case 'tools/list':
      answer({ tools: [TOOL] });
      return;
    case 'tools/call': {
      const text = String(objAt(objAt(message, 'params'), 'arguments')['text']);
      appendFileSync(file, `${text}\n`);
      if (silentOn === undefined || !text.includes(silentOn)) answer({ content: [] });
      return;
    }
    default:
      answer({});
  }
});
