import { resolve } from 'node:path';
import { didYouMean } from '../policy/nearest.ts';
import type { Policies } from '../policy/policy.ts';
import { quoted } from '../policy/problem.ts';
import type { Draft } from '../replay/backtest.ts';
import { counterClash } from '../settings/check-counters.ts';
import { loadSettings } from '../settings/load.ts';
import type { NamedPolicy } from '../settings/named-policy.ts';
import { loadPolicyFile } from '../settings/policy-file.ts';
import { readDocument } from '../settings/read-document.ts';
import { isConfiguration } from '../settings/report/check-file.ts';
import type { Settings } from '../settings/settings.ts';
import { type Options, UsageFault } from './options.ts';
import { tellProblems } from './tell.ts';
import type { World } from './world.ts';

/** A draft: one policy for all calls that are meant, or a configuration with a policy for each grant and server. Undefined after a problem. */
export async function backtestDraft(options: Options, world: World, file: string): Promise<Draft | undefined> {
  const read = await readDocument(resolve(world.cwd, file));
  const isWhole = read.kind === 'document' && isConfiguration(read.document.value);
  if (!isWhole) return policyDraft(options, world, file);
  if (options.texts.has('baseline')) throw new UsageFault('--baseline goes with a policy; a configuration has its own');
  const loaded = await loadSettings(resolve(world.cwd, file), world.env);
  if (loaded.kind === 'problems') {
    for (const problem of loaded.problems) tellProblems(world, problem.file, [problem]);
    return undefined;
  }
  return configurationDraft(options, loaded.settings, file);
}

async function policyDraft(options: Options, world: World, file: string): Promise<Draft | undefined> {
  if (options.texts.has('policy')) throw new UsageFault(`--policy goes with a configuration, and ${file} is a policy`);
  const named = options.texts.get('baseline');
  const policy = await load(world, file, 'policy');
  const baseline = named === undefined ? undefined : await load(world, named, 'baseline');
  if (policy === undefined || (named !== undefined && baseline === undefined)) return undefined;
  const clash = baseline && counterClash(policy, baseline);
  if (clash !== undefined) throw new UsageFault(`${file}: ${clash}`);
  return oneForAll({ policy: policy.policy, baseline: baseline?.policy });
}

async function load(world: World, file: string, kind: 'policy' | 'baseline'): Promise<NamedPolicy | undefined> {
  const loaded = await loadPolicyFile(resolve(world.cwd, file), kind);
  if (loaded.kind === 'policy') return loaded.policy;
  tellProblems(world, file, loaded.problems);
  return undefined;
}

function configurationDraft(options: Options, { grants, baseline }: Settings, file: string): Draft {
  const named = options.texts.get('policy');
  const held = [...grants.values()].flatMap(({ policies }) => [...policies.values()]);
  if (named !== undefined) {
    const one = held.find(({ name }) => name === named);
    if (one !== undefined) return oneForAll({ policy: one.policy, baseline: baseline?.policy });
    const names = [...new Set(held.map(({ name }) => name))];
    throw new UsageFault(`no grant of ${file} holds a policy ${quoted(named)}${didYouMean(named, names)}`);
  }
  const both = new Map<NamedPolicy, Policies>();
  for (const one of held) both.set(one, { policy: one.policy, baseline: baseline?.policy });
  return {
    policiesFor({ grant, server }) {
      const one = grants.get(grant)?.policies.get(server);
      return one && both.get(one);
    },
    all: [...both.values()],
  };
}

function oneForAll(policies: Policies): Draft {
  return { policiesFor: () => policies, all: [policies] };
}
