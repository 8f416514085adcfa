// Loads one file the way the gateway does, judges a call by it, and says what that came to, as JSON.
import { decide } from '../../src/policy/decide.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { loadPolicyFile } from '../../src/settings/policy-file.ts';
import { problemLines } from '../../src/settings/problem.ts';
import { objectOf } from '../../src/wire/json.ts';

const [how, file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: load-hostile.ts policy|configuration FILE');

const args = objectOf([['x', 'a'.repeat(2_000)]]);
const subject = {
  grant: { name: 'g', owner: 'o', labels: {} },
  server: 's',
  session: '1',
  client: { name: undefined, version: undefined },
};

console.log(JSON.stringify(how === 'policy' ? await policy(file) : await configuration(file)));

async function policy(path: string): Promise<object> {
  const begun = process.cpuUsage();
  const loaded = await loadPolicyFile(path);
  const loading = since(begun);
  if (loaded.kind === 'problems') return { ...told(problemLines(loaded.problems)), loading };
  const before = process.cpuUsage();
  const call = { kind: 'tool', method: 'tools/call', name: 't', args, params: args } as const;
  const facts = { at: 1_800_000_000_000, calls: new Map() };
  const policies = { policy: loaded.policy.policy, baseline: undefined };
  const { effect } = decide(policies, subject, call, { class: 'unknown', definition: undefined }, facts);
  return { outcome: effect, loading, deciding: since(before), megabytes: peak() };
}

async function configuration(path: string): Promise<object> {
  const begun = process.cpuUsage();
  const loaded = await loadSettings(path, {});
  const loading = since(begun);
  if (loaded.kind === 'problems') return { ...told(problemLines(loaded.problems)), loading };
  return { outcome: 'settings', loading, deciding: 0, megabytes: peak() };
}

function told(lines: string): object {
  return { outcome: 'problems', told: lines.slice(0, 1_000) + lines.slice(-1_000), deciding: 0, megabytes: peak() };
}

/** Milliseconds of processor time, its own threads included: what a busy machine adds is not the document's fault. */
function since(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}
