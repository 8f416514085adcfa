// A thread of `npm run proof:wire`: tries the messages of each seed that it is given, with readers of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { tryBatch } from './batch.ts';
import { type GoReaders, startReaders } from './readers.ts';

const port = parentPort;
if (port === null) throw new Error('this is a thread of proof:wire');
const readers = startReaders(workerData as GoReaders['commands']);
port.on('message', async (seed: number | 'end') => {
  if (seed === 'end') {
    for (const reader of readers) reader.close();
    port.close();
    return;
  }
  port.postMessage(await tryBatch(seed, readers));
});
