import { readFileSync } from 'node:fs';
import { compilePolicy } from '../../src/policy/compile.ts';
import { warningsOf } from '../../src/policy/check/warnings.ts';
import { strict } from '../laws/arbitrary-value.ts';
import { PARSERS, factsOf } from '../laws/engine.ts';
import { decide } from '../../src/policy/decide.ts';
import { explain } from '../../src/policy/explain.ts';
import { judge } from '../laws/naive.ts';
import { momentOf } from './trial.ts';
const t = strict(JSON.parse(readFileSync('/tmp/cur.json','utf8'))) as any;
const lap=(n:string,f:()=>any)=>{console.log('start',n);const t0=performance.now();const r=f();console.log(n,performance.now()-t0);return r;};
const p=lap('compile',()=>compilePolicy(t.policy,'policy',PARSERS)) as any;
lap('warn',()=>p.policy&&warningsOf(t.policy,p.policy,undefined));
const b=t.baseline&&lap('compile b',()=>compilePolicy(t.baseline,'baseline',PARSERS)) as any;
for(const a of t.asked){const m=momentOf(a);console.log(JSON.stringify(a).slice(0,3000)); const ps={policy:p.policy,baseline:b?.policy};const f=factsOf(ps,m); lap('decide',()=>decide(ps,m.subject,m.call,m.target,f)); lap('explain',()=>explain(ps,m.subject,m.call,m.target,f)); lap('naive',()=>judge({policy:t.policy,baseline:t.baseline??undefined},m.subject,m.call,m.target,f));}
