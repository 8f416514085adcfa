// A thread of `npm run proof:policy`: tries the trials of each seed that it is given.
import { parentPort } from 'node:worker_threads';
import { tryBatch } from './batch.ts';

const port = parentPort;
if (port === null) throw new Error('this is a thread of proof:policy');
port.on('message', async (seed: number) => {
  port.postMessage(await tryBatch(seed));
});
