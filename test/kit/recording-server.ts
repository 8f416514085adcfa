// The recording tools over stdio: `node recording-server.ts [--record FILE] [--hang]`.
import { parseArgs } from 'node:util';
import { recordingTools } from './recording-tools.ts';
import { serveStdio } from './serve-stdio.ts';

const { values } = parseArgs({ options: { record: { type: 'string' }, hang: { type: 'boolean', default: false } } });
serveStdio(recordingTools, { record: values.record, silent: values.hang });
