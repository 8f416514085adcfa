// The odd tools over stdio: `node odd-server.ts FILE`, which gets every line that arrives.
import { serveStdio } from '../kit/serve-stdio.ts';
import { oddTools } from './odd-tools.ts';

serveStdio(oddTools, { record: process.argv[2] });
