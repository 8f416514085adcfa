import { type JsonObject, objectOf } from '../../wire/json.ts';
import type { SignalKind } from '../classification.ts';
import { type Block, code, type Line, listed } from './page.ts';
import { limitsIn, type Manner, mannerOf, questionsIn, refusalsIn, rulesOn } from './rule-words.ts';
import type { Recommended, ToldTool } from './shelf.ts';

/** What users ask of a tool, answered from what is known of it and from the rule that is recommended. */
export function questionsOf(tool: ToldTool, recommended: Recommended): readonly Block[] {
  const rules = recommended.rules ?? REFUSED;
  const manner = mannerOf(rules);
  return [
    ask('May an agent call it unattended?', unattended(tool, manner)),
    ...refused(rules, manner),
    ...aboutSignals(tool, rules, manner),
    ...ofPerson(tool, rules, manner),
    ...hiding(tool, manner),
  ];
}

/** What no entry speaks for. */
const REFUSED: JsonObject = objectOf([['action', 'deny']]);

function ask(question: string, answer: Line, items: readonly Line[] = []): Block {
  return { kind: 'question', question: [question], answer, items };
}

function unattended({ judged, signals }: ToldTool, manner: Manner): Line {
  switch (manner) {
    case 'hidden':
      return [
        `No. ${WHY[judged.class]} The recommended rule hides it: in no list, and refused as if it did not exist.`,
      ];
    case 'refused':
      return [`No. ${WHY[judged.class]} The recommended rule refuses every call.`];
    case 'asks':
      return [`No. ${WHY[judged.class]} Under the recommended rule each call waits for a person.`];
    case 'bounded':
      return [`Within limits. ${WHY[judged.class]} The recommended rule bounds how often.`];
    case 'free': {
      const secrets = signals.has('credential-out') ? ' Have secrets in its answers masked.' : '';
      return [
        judged.class === 'read' ? `Yes. ${WHY.read}${secrets}` : `${WHY[judged.class]} The rule sets no ceiling.`,
      ];
    }
  }
}

const WHY: Readonly<Record<ToldTool['judged']['class'], string>> = {
  read: 'It returns what is there and changes nothing; what it returns is read by the model, so treat it as a stranger’s text.',
  write: 'What it changes can mostly be changed back, but not what others did with it meanwhile.',
  execute: 'What a call does is decided by its arguments.',
  destructive: 'What it removes or ends does not come back by another call.',
  financial: 'It moves money or value, or commits to pay.',
  unknown: 'From its definition it cannot be told what it does.',
};

function refused(rules: JsonObject, manner: Manner): readonly Block[] {
  if (manner === 'hidden' || manner === 'refused') return [];
  const refusals = refusalsIn(rules);
  if (refusals.length === 0) return [];
  const [only] = refusals;
  const question = 'What does the recommended rule refuse?';
  if (only !== undefined && refusals.length === 1) return [ask(question, ['Only ', ...only, '.'])];
  return [ask(question, ['Any one of these is enough:'], refusals)];
}

const ASKED: readonly { readonly kind: SignalKind; readonly question: string; readonly answer: string }[] = [
  {
    kind: 'path',
    question: 'Can it reach files that nobody meant?',
    answer:
      'As far as the server lets it. A rule with path_within keeps an absolute path in a folder and refuses what leads out of it.',
  },
  {
    kind: 'url',
    question: 'Can it carry something out to a host of the agent’s choice?',
    answer: 'Yes, in the address itself. A rule with url_host_in refuses all hosts but those you list.',
  },
  {
    kind: 'sql',
    question: 'Can it be kept to reading?',
    answer:
      'By an account that may only read; for SQL also by a rule with sql_only, which refuses every other statement.',
  },
  {
    kind: 'code',
    question: 'Can a rule tell harmless code from harmful?',
    answer:
      'No. Rules bound how often it runs and who is asked; what it can reach is decided by where the server runs.',
  },
  {
    kind: 'recipient',
    question: 'Who can get what it sends?',
    answer:
      'Whoever the arguments name. List those who may be named, or have a person asked for all others (approve_if).',
  },
  {
    kind: 'amount',
    question: 'Can the sum be bounded?',
    answer: 'Each call by a condition on the argument, all calls of a day by a limit with "amount".',
  },
  {
    kind: 'bulk',
    question: 'How much can one call touch?',
    answer: 'As much as it is given. A rule with length_lte bounds a list; limits count calls, not what they hold.',
  },
  {
    kind: 'widens-when-absent',
    question: 'What if an argument is left out?',
    answer: 'Then it acts on more. A rule with exists refuses calls in which it is missing.',
  },
  {
    kind: 'id-in-path',
    question: 'Can an id lead to another endpoint?',
    answer:
      'Where the server puts it into a path unescaped, yes: ../ and a slash do. A rule that wants the plain form of the id stops that.',
  },
  {
    kind: 'credential-out',
    question: 'Can its answer hold secrets?',
    answer:
      'Yes. Have answers searched: "results": {"redact": [{"secrets": true}]} masks what is known to be a secret by its form or key.',
  },
  {
    kind: 'approves',
    question: 'Could an agent approve its own calls by it?',
    answer: 'Yes, if it can call it. Hide it from every agent whose calls are to be approved.',
  },
  {
    kind: 'lists-tools',
    question: 'Does hiding other tools hide them here?',
    answer: 'Not by itself: names that this tool returns are text to the gateway. Calls of hidden tools stay refused.',
  },
];

function aboutSignals(tool: ToldTool, rules: JsonObject, manner: Manner): readonly Block[] {
  const { known, judged, signals } = tool;
  return ASKED.filter(({ kind }) => signals.has(kind)).map(({ kind, question, answer }) => {
    if (kind === 'lists-tools' && known.listing !== undefined) return ask(question, [MASKED]);
    const at = judged.signals.flatMap(({ kind: other, parameter }) =>
      other === kind && parameter !== undefined ? [parameter] : [],
    );
    if (at.length === 0) return ask(question, [answer]);
    const through: Line = ['Through ', ...listed(at.map(code)), ': ', lowered(answer)];
    return ask(question, [...through, ...ruleSays(at, rules, manner)]);
  });
}

const MASKED =
  'By the policy of the whole server, yes: what its answer says of hidden tools is masked. Calls of them stay refused.';

/** What the recommended rule makes of these arguments, where calls pass it at all. */
function ruleSays(parameters: readonly string[], rules: JsonObject, manner: Manner): Line {
  if (manner === 'hidden' || manner === 'refused') return [];
  const said = [...new Set(parameters.flatMap((parameter) => rulesOn(rules, parameter)))];
  if (said.length > 0) return [` The recommended rule: ${said.map((one) => `“${one}”`).join(' ')}`];
  return manner === 'asks'
    ? [' The recommended rule leaves it to the person who is asked.']
    : [' The recommended rule says nothing of it: that is yours to decide.'];
}

/** As it goes on after a colon. */
function lowered(answer: string): string {
  return /^[A-Z][a-z]/.test(answer) ? answer.slice(0, 1).toLowerCase() + answer.slice(1) : answer;
}

function ofPerson({ known, judged }: ToldTool, rules: JsonObject, manner: Manner): readonly Block[] {
  const name = code(known.name);
  if (manner === 'asks') {
    const answer = [
      'Each call is a question: ',
      code('toolgate approvals list'),
      ' shows it with its arguments, ',
      code('toolgate approvals approve ID'),
      ' lets exactly that call pass, once.',
    ];
    return [ask('How do I let a call pass?', answer)];
  }
  if (manner === 'hidden' || manner === 'refused') {
    const answer = [
      'Give ',
      name,
      ' the rules ',
      code('{"action": "require_approval"}'),
      ': it is listed again, and each call waits until a person says yes with ',
      code('toolgate approvals approve ID'),
      '.',
    ];
    return [ask('How do I let it pass for a person’s approval?', answer)];
  }
  const asked = questionsIn(rules);
  if (asked.length > 0) return [ask('For which calls is a person asked?', ['For these:'], asked)];
  if (limitsIn(rules).length > 0) {
    const answer = [
      'Set ',
      code('"on_exceed": "require_approval"'),
      ' in the limit: what goes beyond it then waits for a person instead of being refused.',
    ];
    return [ask('What if an agent honestly needs more calls?', answer)];
  }
  if (judged.class === 'read') return [];
  return [ask('How do I have a person asked?', ['Add ', code('"action": "require_approval"'), ' to its rules.'])];
}

function hiding({ known }: ToldTool, manner: Manner): readonly Block[] {
  if (manner === 'hidden') return [];
  const hidden = code(`"hide": [${JSON.stringify(known.name)}]`);
  return [
    ask('How do I hide it?', [
      'Put ',
      hidden,
      ' into the policy: it is in no list, and refused as if it did not exist.',
    ]),
  ];
}
