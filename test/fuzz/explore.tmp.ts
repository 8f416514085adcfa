import { check, isFault } from './check-trial.ts';
import { trialsOf } from './trials.ts';
const from = Number(process.argv[2]), to = Number(process.argv[3]);
const laws = new Map<string, {count:number, first:string[]}>();
let sum = {documents:0,compiled:0,calls:0,agreed:0,texts:0};
const t0=process.threadCpuUsage();
for (let s=from;s<to;s++) { let at=0; for (const t of trialsOf(s)) { const r=check(t); if(isFault(r)){ const l=laws.get(r.law)??{count:0,first:[]}; l.count++; if(l.first.length<Number(process.argv[4]??3)) l.first.push(`${s}.${at}: ${r.told.slice(0,900)}`); laws.set(r.law,l);} else for(const k in sum)(sum as any)[k]+=(r as any)[k]; at++; } await new Promise(setImmediate); }
const d=process.threadCpuUsage(t0); console.log((d.user+d.system)/1e6,'s cpu',sum);
for(const [l,{count,first}] of laws){console.log('##',l,count); for(const f of first)console.log('   ',f);}
