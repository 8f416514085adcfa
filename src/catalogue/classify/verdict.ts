import type { RiskClass } from '../../policy/decision.ts';
import type { Evidence } from '../classification.ts';
import { type Act, rankOf, worstOf } from './act.ts';
import { ARTICLES, DETERMINERS, LEADS, MARKS, PREPOSITIONS } from './grammar.ts';
import { verbOf } from './lemma.ts';
import { isKind, singular } from './objects.ts';
import { joined } from './phrases.ts';
import { readDescription, type Told } from './read-description.ts';
import { NOMINALS, readName } from './read-name.ts';
import { readSchema } from './read-schema.ts';
import type { ToolText } from './read-tool.ts';
import { splitName } from './split-words.ts';
import { NOUN_TOO, THING_FIRST, VERBS } from './verbs.ts';

export interface Verdict {
  readonly class: RiskClass;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  /** What the class rests on, the heaviest first; empty where nothing was found. */
  readonly acts: readonly Act[];
}

/** Verbs that look at things by a list of what happened to them: an argument `action` is a filter there. */
const LOOKS: ReadonlySet<string> = new Set('list get search find fetch read retrieve query count show view'.split(' '));

export function verdictOf(tool: ToolText): Verdict {
  const told = readDescription(tool.description === '' ? tool.title : tool.description, tool.near);
  const named = readName(tool.name, tool.near);
  const said = worstOf(told.main);
  const given = worstOf(named);
  const main = said !== undefined && given !== undefined && isThing(said, given, told) ? undefined : said;
  const isOther =
    given !== undefined && main !== undefined && (isRehearsed(tool, given, main) || isNounBehind(tool, given, main));
  const name = isOther ? main : given;
  const isLooking = name?.class === 'read' && name.weight === 'firm' && LOOKS.has(name.verb);
  // The method of a webhook that is registered is what others will call.
  const isMaking = name?.class === 'write' && name.weight === 'firm' && MAKES.has(name.verb);
  const chosen = isLooking ? [] : readSchema(tool).filter(({ verb }) => verb !== 'call' || !isMaking);
  const thing = name !== undefined && main === undefined && isAnswer(name, told) ? undefined : name;
  const acts = weighed(driven(thing, tool), driven(main, tool), chosen, told.effects);
  const weak = acts.every((act) => act.weight === 'faint' && act.class === 'read') ? takesCode(tool) : undefined;
  const worst = weak ?? worstOf(acts);
  const isEmpty = saysNothing(told);
  if (worst === undefined || (isEmpty && acts.every((act) => act.class === 'read' && EMPTY.has(act.verb)))) {
    return vague(tool, told.words) ?? withoutVerbs(tool, told.isNounPhrase && !isEmpty, told.isCommand);
  }
  const rest = [...acts.filter((act) => act !== worst)].sort((one, other) => rankOf(other.class) - rankOf(one.class));
  return {
    class: worst.class,
    reason: reasonOf(worst, tool),
    evidence: distinct([worst, ...rest].map(({ evidence }) => evidence)),
    acts: [worst, ...rest],
  };
}

/** Where reading is only supposed, who takes a command or a script runs it. */
function takesCode({ parameters }: ToolText): Act | undefined {
  const parameter = parameters.find(({ words, isBound }) => !isBound && words.length === 1 && RUNS.has(words[0] ?? ''));
  if (parameter === undefined) return undefined;
  const evidence = { from: 'schema', quote: parameter.name, says: 'takes what is to be run' } as const;
  return { class: 'execute', verb: 'execute', object: [parameter.name.toLowerCase()], weight: 'faint', evidence };
}

const RUNS: ReadonlySet<string> = new Set('command commands cmd script shell bash javascript python'.split(' '));

/** `get_drop_rules`, `Log drop rules of a host`: a name that looks tells that a word is a thing. */
function isThing(said: Act, given: Act, { words }: Told): boolean {
  const [, second = ''] = words;
  if (ARTICLES.has(second) || DETERMINERS.has(second)) return false;
  return given.weight === 'firm' && LOOKS.has(given.verb) && said.class === 'write' && NOUN_TOO.has(said.verb);
}

/** `congress_bill_amendments`, `Get amendments of a bill`: a thing behind the name of a product, where the sentence looks. */
function isNounBehind({ name }: ToolText, given: Act, main: Act): boolean {
  if (given.class !== 'write' || main.class !== 'read' || main.weight !== 'firm' || !LOOKS.has(main.verb)) return false;
  const at = joined(splitName(name)).findIndex((word) => verbOf(word)?.base === given.verb);
  return at > 0 && given.evidence.from === 'name' && NOUN_TOO.has(given.verb) && given.object.length > 0;
}

/** `delete_preview`, `Preview a deletion`; `deposit_record`, `Record a deposit`: the verb of the sentence stands in the name. */
function isRehearsed({ name }: ToolText, given: Act, main: Act): boolean {
  if (main.weight !== 'firm' || given.verb === main.verb) return false;
  const words = joined(splitName(name));
  // `zoom_end`, `End a meeting`: the first word is a name.
  const isLast = words.length > 1 && verbOf(words.at(-1) ?? '')?.base === main.verb;
  const isName = verbOf(words[0] ?? '')?.base === given.verb && !main.object.includes(given.verb);
  const isGrave = given.class === 'financial' || given.class === 'destructive';
  if (isLast && isName && !isGrave && THING_FIRST.has(given.verb)) return true;
  // `order_track`, `Track an order`: what it is done to stands in front.
  if (isLast && main.object.at(-1) === given.verb) return true;
  const hasVerb = words.some((word) => verbOf(word)?.base === main.verb);
  if (main.class === 'read') return REHEARSES.has(main.verb) && (hasVerb || words.some((word) => REHEARSES.has(word)));
  return main.class === 'write' && NOUN_TOO.has(given.verb) && hasVerb && RECORDS.has(main.verb);
}

/** `earnings_call`, `Transcript of a call`: what is told, where the name might be a thing. */
function isAnswer({ weight, verb, class: riskClass }: Act, { isNounPhrase, isCommand, words }: Told): boolean {
  // `Store information in a vault`: the verb of the name again.
  if (weight !== 'faint' || !isNounPhrase || isCommand || verbOf(words[0] ?? '')?.base === verb) return false;
  const end = words.findIndex((word, at) => at > 0 && (PREPOSITIONS.has(word) || MARKS.test(word)));
  const head = words[(end < 0 ? words.length : end) - 1] ?? '';
  const begins = VERBS.get(verbOf(words[0] ?? '')?.base ?? '') ?? 'read';
  if (isKind(head, 'facts') && begins === 'read') return true;
  return riskClass === 'write' && singular(head) === verb;
}

const REHEARSES: ReadonlySet<string> = new Set(
  'preview validate check verify simulate estimate dryrun precheck plan explain whatif quote'.split(' '),
);
const RECORDS: ReadonlySet<string> = new Set(
  'record log note save import track tag label flag mark comment'.split(' '),
);

const MAKES: ReadonlySet<string> = new Set('create update register set add configure edit import save'.split(' '));

/** Whatever is done to a page by a browser's own tool drives the browser. */
function driven(act: Act | undefined, { nameWords }: ToolText): Act | undefined {
  if (act?.class !== 'write' || !BROWSERS.has(nameWords[0] ?? '')) return act;
  return { ...act, class: 'execute', evidence: { ...act.evidence, says: 'drives a browser' } };
}

const BROWSERS: ReadonlySet<string> = new Set(
  'browser playwright puppeteer selenium webdriver chromium cdp appium stagehand'.split(' '),
);

/** Which of what was found counts. */
function weighed(
  name: Act | undefined,
  main: Act | undefined,
  chosen: readonly Act[],
  effects: readonly Act[],
): readonly Act[] {
  const isGrave = main?.class === 'destructive' || main?.class === 'financial';
  // Where the name does not look, what a thing is for is what it does: `A job to delete users`.
  const isFirm = (act: Act | undefined): boolean =>
    act?.weight === 'firm' || (act === main && isGrave && !(name !== undefined && LOOKS.has(name.verb)));
  const firm = [name, main].filter(isFirm).filter((act) => act !== undefined);
  const base = firm.length > 0 ? firm : [name, main].filter((act) => act !== undefined);
  const isRead = base.length > 0 && base.every((act) => act.class === 'read') && name?.weight === 'firm';
  // A warning makes a tool worse that changes things anyway; of one that reads it speaks of something else.
  const warned = effects.filter((act) => act.weight === 'firm' || !isRead);
  return [...base, ...chosen, ...warned];
}

/** `manage_users`, `Agent control: movement, building`: does what its arguments say, and nothing lists what that may be. */
function vague(tool: ToolText, said: readonly string[]): Verdict | undefined {
  const words = joined(splitName(tool.name));
  const baseOf = (word: string): string => NOMINALS.get(word) ?? verbOf(word)?.base ?? '';
  // In front `trading` is what it is about (`trading_account`), behind it is what is done.
  const isOpen = (one: string): boolean => verbOf(one)?.form !== 'ed' && OPEN.has(verbOf(one)?.base ?? '');
  const named = words.find((one, at) => isOpen(one) || (at === words.length - 1 && WORST.has(NOMINALS.get(one) ?? '')));
  const word =
    named ??
    said
      .slice(0, 6)
      .find(
        (one, at) => isOpen(one) || (one !== 'trading' && WORST.has(NOMINALS.get(one) ?? '') && isHead(said[at + 1])),
      );
  if (word === undefined) return undefined;
  const riskClass = WORST.get(baseOf(word)) ?? 'destructive';
  const isNamed = named !== undefined;
  const evidence: Evidence = {
    from: isNamed ? 'name' : 'description',
    quote: isNamed ? tool.name : tool.description.slice(0, 160),
    says: `"${word}" can be anything, the worst included`,
  };
  return {
    class: riskClass,
    reason: `${EFFECTS[riskClass]}, for all that is known: "${word}" leaves open what is done.`,
    evidence: [evidence],
    acts: [],
  };
}

/** `Execution samples` are samples; `Agent control: movement` is control. */
function isHead(next: string | undefined): boolean {
  return next === undefined || MARKS.test(next) || PREPOSITIONS.has(next) || LEADS.has(next);
}

/** Verbs that leave open what is done. */
const OPEN: ReadonlySet<string> = new Set(['manage', 'administer', 'control', 'operate']);

/** What a word that leaves all open may come to. */
const WORST: ReadonlyMap<string, RiskClass> = new Map([
  ['manage', 'destructive'],
  ['administer', 'destructive'],
  ['control', 'execute'],
  ['operate', 'execute'],
  ['execute', 'execute'],
  ['automate', 'execute'],
  ['delete', 'destructive'],
  ['remove', 'destructive'],
  ['trade', 'financial'],
]);

/** `Does the thing.`, `Handles the request.`, `Your assistant`: words that could be said of any tool. */
function saysNothing({ words }: Told): boolean {
  const first = words[0] ?? '';
  if (EMPTY.has(first) || EMPTY.has(verbOf(first)?.base ?? '')) return true;
  const end = words.findIndex((word, at) => at > 0 && (PREPOSITIONS.has(word) || MARKS.test(word)));
  return ANYTHING.has(singular(words[(end < 0 ? words.length : end) - 1] ?? ''));
}

const EMPTY: ReadonlySet<string> = new Set(
  'do does handle handles help helps use uses work works assist assists deal deals act acts serve serves'.split(' '),
);
const ANYTHING: ReadonlySet<string> = new Set(
  'thing tool helper assistant agent utility function feature magic stuff action operation handler service anything everything something'.split(
    ' ',
  ),
);

/** Nothing in it is a verb: a thing with a description of what it is reads; a thing alone may be anything. */
function withoutVerbs({ name, description }: ToolText, isNounPhrase: boolean, isCommand: boolean): Verdict {
  const words = joined(splitName(name));
  const last = singular(words.at(-1) ?? '');
  const isFacts = (isKind(last, 'facts') || isKind(words.at(-1) ?? '', 'facts')) && !isCommand;
  if (!isFacts && !(isNounPhrase && !isCommand && description.length > 0)) {
    return {
      class: 'unknown',
      reason: `Nothing in its definition says what ${quotedName(name)} does.`,
      evidence: [
        {
          from: 'name',
          quote: name.slice(0, 120),
          says: 'no word in it, or in the description, is known to say what is done',
        },
      ],
      acts: [],
    };
  }
  const evidence: Evidence = isFacts
    ? { from: 'name', quote: name.slice(0, 120), says: 'names something to be told, and no act' }
    : { from: 'description', quote: description.slice(0, 160), says: 'tells of a thing, and of no act' };
  const reason = `Its ${evidence.from} is that of something to be told; nothing says that it changes anything.`;
  return { class: 'read', reason, evidence: [evidence], acts: [] };
}

/** With what the server's hints add. INVARIANT: they may tighten, never loosen. */
export function tightened(tool: ToolText, verdict: Verdict): Verdict {
  const { isReadOnly, isDestructive } = tool.hints;
  if (isDestructive === true && verdict.class === 'unknown')
    return by(verdict, 'destructive', 'destructiveHint: true', 'the server says that it destroys');
  // Who says himself that his tool does not only read is believed; "destructive" is said of too much that is not.
  if (isReadOnly === false && verdict.class === 'read') {
    return by(verdict, 'write', 'readOnlyHint: false', 'the server says that it changes something');
  }
  return verdict;
}

function by(verdict: Verdict, riskClass: RiskClass, quote: string, says: string): Verdict {
  const reason = `Its server says that it ${riskClass === 'destructive' ? 'can destroy' : 'changes'} something; its words do not say so.`;
  return {
    class: riskClass,
    reason,
    evidence: [{ from: 'annotations', quote, says }, ...verdict.evidence],
    acts: verdict.acts,
  };
}

function reasonOf({ class: riskClass, verb, object, evidence }: Act, tool: ToolText): string {
  const what = [verb, ...object.slice(-3)].filter((word) => word !== '').join(' ');
  const where =
    evidence.from === 'schema'
      ? `its parameter has ${evidence.quote}`
      : `its ${evidence.from} says "${what || evidence.quote}"`;
  return `${EFFECTS[riskClass]}: ${where}.`.slice(0, 300) || tool.name;
}

const EFFECTS: { readonly [riskClass in RiskClass]: string } = {
  read: 'Returns something and changes nothing',
  write: 'Creates or changes something',
  execute: 'Sets something running whose effect depends on its arguments',
  destructive: 'Removes or ends something for good',
  financial: 'Moves money or value, or commits to pay',
  unknown: 'Cannot be told',
};

function quotedName(name: string): string {
  return name === '' ? 'a tool without a name' : `"${name.slice(0, 80)}"`;
}

function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ from, quote }) => {
    const key = `${from} ${quote}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
