import { isArray, isObject } from '../../wire/json.ts';
import { isPattern, readPattern } from '../pattern.ts';
import { below } from '../problem.ts';
import type { RuleSet, Subject } from './rule-set.ts';
import type { Warning } from './warning.ts';

const CODE = 'nothing-allowed';

/** Warns of a policy that refuses every tool though it says something of them. */
export function checkAllowed(subject: Subject): readonly Warning[] {
  const { policy, sets, root } = subject;
  if (policy.mode === 'shadow') return [];
  const every = sets.find(({ kind, subject: text }) => kind === 'tool' && isEvery(text));
  // Beside an entry for every tool neither classes nor the default speak.
  const speaking = sets.filter(({ kind }) => kind === 'tool' || (kind === 'class' && every === undefined));
  const isOpen = (policy.default === 'allow' && every === undefined) || speaking.some(isOpening);
  const all = policy.allTools.standing;
  if (all !== undefined && isOpen && policy.allTools.mode === 'enforce') {
    const message = 'refuses every tool, whatever its entry says; leave it out, or write "default": "deny"';
    return [{ pointer: all.rule.pointer.startsWith('/') ? all.rule.pointer : '/all_tools', code: CODE, message }];
  }
  if (isOpen) return ofHide(subject);
  if (policy.default === 'allow') return ofEvery(subject, every);
  const why = whyMeantOtherwise(root, speaking);
  if (why === undefined) return [];
  const message = `refuses every tool: the default is deny and ${why}; write "default": "allow", or name under "tools" what is allowed`;
  return [{ pointer: '/default', code: CODE, message }];
}

function isEvery(text: string): boolean {
  return isPattern(text) && readPattern(text).weight === 0;
}

function isOpening({ rules }: RuleSet): boolean {
  return rules.standing === undefined || rules.mode === 'shadow';
}

/** Under default deny the entries that are hidden say so themselves. */
function ofHide(subject: Subject): readonly Warning[] {
  const { hide } = subject.root;
  if (subject.policy.default !== 'allow' || !isArray(hide) || isAboutOthers(subject)) return [];
  const index = hide.findIndex((text) => typeof text === 'string' && isEvery(text));
  if (index < 0) return [];
  const message = 'hides every tool, and what is hidden is refused; name the tools to hide, or write "default": "deny"';
  return [{ pointer: below('/hide', index), code: CODE, message }];
}

function ofEvery(subject: Subject, every: RuleSet | undefined): readonly Warning[] {
  if (every === undefined || isAboutOthers(subject)) return [];
  const message =
    'refuses every tool: no other entry allows one, and beside this one "default": "allow" never speaks; write "default": "deny", or name under "tools" what is allowed';
  return [{ pointer: every.pointer, code: CODE, message }];
}

/** What is written for resources or prompts may want the tools closed. */
function isAboutOthers({ root }: Subject): boolean {
  return root['resources'] !== undefined || root['prompts'] !== undefined;
}

function whyMeantOtherwise(root: Subject['root'], speaking: readonly RuleSet[]): string | undefined {
  if (speaking.length > 0) return 'every entry refuses as well';
  if (isArray(root['hide']) && root['hide'].length > 0) return '"hide" only takes away';
  const all = root['all_tools'];
  if (isObject(all) && Object.keys(all).length > 0) return '"all_tools" only adds to entries, and there are none';
  return undefined;
}
