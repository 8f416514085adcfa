import { writeFileSync } from 'node:fs';
import { check, isFault } from './check-trial.ts';
import { trialsOf } from './trials.ts';
const from = Number(process.argv[2]), to = Number(process.argv[3]);
for (let s=from;s<to;s++) { let at=0; for (const t of trialsOf(s)) { writeFileSync('/tmp/cur.json', JSON.stringify(t)); writeFileSync('/tmp/cur.id', `${s}.${at}`); const t0=process.threadCpuUsage(); check(t); const d=process.threadCpuUsage(t0); if(d.user>300000) console.log('slow',s,at,d.user/1000); at++; }}
