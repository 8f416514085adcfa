import type { RiskClass } from '../../policy/decision.ts';
import type { Severity, Signal } from '../classification.ts';
import type { ToolText } from './read-tool.ts';
import type { Verdict } from './verdict.ts';

const wordsIn = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What other people's, or the server's own, secrets are called. */
const SECRETS = wordsIn(
  'secret credential password passphrase connectionstring kubeconfig privatekey mnemonic apikey keypair env environ variable wallet cookie vault otp passkey seed certificate',
);
/** What people would not show to strangers. */
const PRIVATE = wordsIn(`
  email mail inbox gmail message chat conversation reply unread dm contact customer employee payroll payment payout settlement bank timesheet
  payable receivable journal loss sheet balance_sheet draft history patient traffic vulnerability finding attachment sms transcript meeting calendar shovel
  invite interaction account user holding margin position portfolio period leave medium recording profile`);
/** What lets somebody in, sends things out, or changes what runs. */
const OPENS = wordsIn(`
  permission role access policy grant webhook trigger function secret credential token apikey password admin collaborator public share firewall
  security rule production publish site merge billing dns variable protection mfa sso proxy header interception tweet campaign broadcast
  autoresponder deploykey sshkey certificate network route ingress tool album datasource scale privacy auth login journal transaction snapshot file
  email`);
const SMALL = wordsIn(`
  comment reaction emoji label tag star bookmark note reply draft favorite like todo reminder read unread folder alias title description
  watcher watchlist playlist memory observation annotation mark sort color format view notification archive chat_title pin mute highlight cell
  range column row worksheet chart link relation timer checklist card list directory branch wiki product quote category option doc version
  worklog sprint backlog epic texture template favicon feed thread milestone task logo milestone preview tracking shipment customer entity object
  shape node layer element`);
const TRIFLES = wordsIn(`
  comment note reaction label tag draft folder photo picture image filter milestone event task contact icon favicon logo row column
  range cell block snapshot view watchlist trigger page_preview preview card bookmark alias reminder list item link memory observation entity
  relation query job pipeline cache customization widget panel annotation todo element shape node layer chart sheet rule`);
const WHOLE = wordsIn(`
  all everything project database db cluster account organization workspace namespace bucket stack repository repo credential bulk batch
  multiple table schema domain server instance tenant volume disk environment vault history data app mailbox`);
const GENTLE = wordsIn(`
  browser page tab click hover scroll type fill press key keyboard drag dialog element screenshot window form navigate url website web crawl scrape fetch
  map extract research generate image video audio model trace screencast recording light song track music playback timer light lamp search
  sandbox query_plan notebook simulator scan test tests lint`);
const FREE = wordsIn('code shell command bash script python javascript js cli cmd terminal powershell exec eval');

/** How much harm one call can do, by what it acts on. */
export function severityOf(tool: ToolText, verdict: Verdict, signals: readonly Signal[]): Severity {
  const acts = verdict.acts.slice(0, 2);
  const last = tool.nameWords.at(-1) ?? '';
  const all = [...acts.flatMap(({ verb, object }) => [verb, ...object]), ...tool.nameWords];
  const heads = new Set([
    ...acts.flatMap(({ verb, object }) => [verb, object.at(-1) ?? '']),
    last,
    tool.nameWords[0] ?? '',
  ]);
  // Whether something is harmless is told by the noun itself; whether it is grave, by any word.
  const words = verdict.class === 'execute' || verdict.class === 'destructive' ? new Set(all) : heads;
  const has = (set: ReadonlySet<string>): boolean => {
    for (const word of words) if (set.has(word)) return true;
    return false;
  };
  return LEVELS[verdict.class]({ has, signals, tool });
}

interface Look {
  has(set: ReadonlySet<string>): boolean;
  readonly signals: readonly Signal[];
  readonly tool: ToolText;
}

const LEVELS: { readonly [riskClass in RiskClass]: (look: Look) => Severity } = {
  read({ has, signals }) {
    if (signals.some(({ kind }) => kind === 'credential-out') || has(SECRETS)) return 'high';
    return has(PRIVATE) ? 'medium' : 'low';
  },
  write({ has }) {
    if (has(SMALL)) return 'low';
    return has(OPENS) ? 'high' : 'medium';
  },
  execute({ has, signals }) {
    if (signals.some(({ kind }) => kind === 'code') && has(FREE)) return 'critical';
    if (has(FREE)) return 'critical';
    return has(GENTLE) ? 'medium' : 'high';
  },
  destructive({ has }) {
    if (has(TRIFLES)) return 'medium';
    return has(WHOLE) ? 'critical' : 'high';
  },
  financial({ has, signals }) {
    const isFree = signals.some(({ kind }) => kind === 'amount');
    return isFree && (has(MARKET) || has(wordsIn('all'))) ? 'critical' : 'high';
  },
  unknown: () => 'medium',
};

const MARKET = wordsIn('place buy sell trade transfer withdraw send swap initiate payout bridge invest');
