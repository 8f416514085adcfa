import type { RiskClass } from '../../policy/decision.ts';
import { isKind, type Kind } from './objects.ts';
import { TRADE_ROWS } from './trade-rows.ts';
import { VERBS } from './verbs.ts';

/** What a verb does to an object. The first row that fits is taken. */
interface Pair {
  readonly verbs: ReadonlySet<string>;
  /** The noun that the verb acts on is of one of these kinds, or one of these words. */
  readonly heads: readonly string[];
  /** Some word of the tool's name or description has to be of one of these kinds, or (with `!`) none may be. */
  readonly near: readonly string[];
  readonly class: RiskClass;
}

const MAKE =
  'create make add new issue initiate submit request start process post schedule send place execute perform trigger complete do open put generate insert run';
const HANDLE =
  'control set turn toggle switch change adjust open close lock unlock start stop play pause move activate deactivate enable disable send cast rotate raise lower increase decrease trigger press power reset select skip shuffle use';
const FETCH = 'fetch read load retrieve extract visit browse convert render summarize screenshot map get';

/** `verbs : heads [near kinds] = class`; kinds begin with `@`. What trades mean by a word stands in front. */
const ROWS = `
${TRADE_ROWS}
  force : = execute
  solve : captcha = execute
  make send perform issue execute do : request [http url] = execute
  request : [http] = execute
  make place initiate start create : call = execute
  add sum : number = read
  say print : hello = read
  sleep : second seconds ms = read
  run execute : plan [terraform tofu pulumi] = read
  evaluate calculate : expression formula [math mathematical arithmetic] = read
  ${MAKE} : @money = financial
  place submit : @order trade bet bid = financial
  ${MAKE} edit modify replace amend change update : @order [@trading] = financial
  order book reserve buy purchase rent hire renew : @wares = financial
  renew : certificate lease token session lock = write
  book reserve : = write
  order : = financial
  upgrade downgrade change : plan subscription membership tier = financial
  create start activate add reactivate resume update modify renew : @subscription [!@pubsub] = financial
  subscribe : plan membership = financial
  sign send broadcast submit : @transaction = financial
  send : token asset amount [@money_words] = financial
  transfer : @money token balance asset @transaction = financial
  close open increase decrease reduce liquidate roll adjust exit enter : @position [@trading] = financial
  close open exit enter : position trade perp = financial
  approve authorize confirm complete : order payment expense payout purchase booking spending allowance = financial
  accept : offer bid trade claim quote = financial
  claim collect harvest : reward rewards fee yield = financial
  claim : = write
  capture : payment charge authorization order = financial
  checkout : branch commit git repo repository ref revision file pullrequest = write
  checkout : [@shop] = financial
  checkout : = write
  mint : @money token collection = financial
  mint : = write
  exercise : option @position = financial
  exercise : = read
  convert exchange swap : @money [@trading] = financial
  settle : invoice @money trade = financial
  fund : = financial
  deposit withdraw : = financial
  deploy : contract token = execute

  execute confirm perform initiate schedule trigger request start submit : deletion removal cancellation termination purge erasure teardown destruction = destructive
  cancel : = destructive
  remove : @light = write
  delete remove unset clear del : reaction emoji star like bookmark favorite vote alias upvote = write
  delete remove : issuelink tasklink = write
  remove : [~removal] = write
  remove : item product [cart basket] = write
  revoke : role permission access share = destructive
  reset : filter filters view selection zoom camera viewport = write
  clear : selection filter filters highlight highlights assignee status breakpoints = write
  clear : input field text focus form = execute
  clean : text string html data = read
  drop : file element item files = execute
  drop : = destructive
  write save : @file = destructive
  release : ip address number hold eip reservation = destructive
  release : lock = write
  format : disk drive partition volume = destructive
  format : code json sql text date number string document markdown = read
  format : cell cells range column row table sheet = write
  transfer : [@money_words] = financial
  void : = destructive
  close : account qrcode code = destructive
  trim : whitespace string text = read
  trim : video audio clip image = write
  pop : stash = write
  reset : password = destructive
  reset : [vm proxmox board] = execute
  process : [python script sandbox] = execute
  transfer : [category envelope budget issue ownership call chat file] = write
  invalidate : = destructive
  forget : alias = write
  empty : = destructive
  abort : = destructive

  apply create : run = execute
  apply : manifest yaml migration terraform kubernetes kubectl resource resources service change plan configuration stack = execute
  patch : server package packages = execute
  create trigger start new play : @running = execute
  create : @pipeline [ref branch commit] = execute
  start stop trigger restart launch play : @pipeline = execute
  get list find search read check describe show : @code = read
  add remove set update create edit write delete insert save register store upload explain define rename : @code = 
  run execute perform do : search lookup report insights comparison diff preview estimate calculation lint healthcheck check validation analysis audit forecast semantic similarity = read
  run execute perform query : query queries search @readable [~readonly] = read
  run execute perform query read : @code @database query queries statement [~readonly] = read
  run execute perform query : @readable = read
  run execute perform query : query queries [@readable !@database] = read
  query : @code @database = execute
  query : [sql cypher] = execute
  evaluate : script javascript js expression code function page = execute
  evaluate : = read
  upload drop attach : file files [element selector] = execute
  resolve : issue thread conversation comment alert incident ticket finding discussion dispute conflict case error problem todo = write
  convert change : lead issue type task item ticket draft = write
  build : draft psbt @transaction = read
  create apply : kubectl resource deployment workload manifest [kubernetes k8s kubectl] = execute
  load : model @media project scene program plugin module extension = execute
  load : [into database table dataset] = write
  test : connection connectivity credentials auth authentication regex pattern permission permissions access connector api = read
  scan : table key keys index item items record records barcode qr qrcode document documents text code_read = read
  perform : action actions operation click tap = execute
  scrape crawl spider curl wget : = execute
  ${FETCH} download parse return summarise take capture : [~fromurl] = execute
  fetch read load retrieve visit browse convert render summarize screenshot : url urls webpage website webpages websites = execute
  extract map : url urls webpage website webpages websites [~bare] = execute
  visit open navigate browse goto : @url @screen = execute
  visit goto navigate : = execute
  new open : tab browser window app application = execute
  close resize maximize minimize switch activate focus refresh : @screen session connection = execute
  wait list get read find inspect describe show check : = read
  select choose : option dropdown element item menu checkbox text radio = execute
  select choose : = read
  set type enter input clear check uncheck submit upload handle accept dismiss upload drag drop hold : @screen [browser element page selector dom webpage playwright puppeteer selenium chrome device ui] = execute
  simulate : click key keys keypress press input touch tap swipe gesture typing keystroke event = execute
  take : photo picture selfie image [camera webcam] = execute
  take capture record grab get : screenshot snapshot picture image photo = read
  take : photo selfie = read
  capture : = read
  record : video audio screen session screencast macro = execute
  take : backup dump = write
  create take : heapsnapshot a11y = read
  start begin stop end pause resume : timer timetracking timeentry tracking time meeting conversation chat thread discussion draft auth oauth login session_write poll survey trial review sprint stopwatch pomodoro focus game dm channel topic watch watching listening logging transaction tx stopwatch livestream_write = write
  send : request http command commands keys key keystroke keystrokes input signal rpc packet raw keypress text_key payload udp tcp serial gcode cmd = execute
  ${HANDLE} : @device = execute
  ${HANDLE} adjust : color colour speed mode state effect [light lamp bulb led hue strip wled robot motor homeassistant fan] = execute
  turn dim brighten arm disarm dock undock : = execute
  sync : app application argocd deployment cluster = execute
  refresh reload : dataset page model cache_run materialized view dashboard semantic = execute
  call : = execute
  generate create make synthesize : @media = execute
  generate : key keypair token credential password_write apikey secret invoice = write
  generate : = read
  upgrade : = execute
  process : @money = financial
  process transform : image video audio file = write
  resume : = execute
  move : mouse cursor robot arm camera joint drone motor forward backward left right pointer = execute
  rebase : branch_db database production = execute
  play : = execute
  connect attach : debugger = execute
  approve : run deployment execution job call toolcall gate step workflow pipeline tool action = execute
  rollback : transaction = write
  complete restart resume : migration = execute
  research : = execute
  build : query url link prompt string context report summary tree table overview timeline graph profile filter expression = read
  build create : index = write
  compile : report list summary = read
  print : document page file label receipt ticket [printer] = execute
  print : = read
  request : = write
  test : = execute
  step : = execute
  go : = execute
  compact defragment : = execute
  migrate : = execute
`;

const parsed: readonly Pair[] = ROWS.split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '')
  .map((line) => {
    const [verbs = '', rest = ''] = splitOnce(line, ':');
    const [left = '', result = ''] = splitOnce(rest, '=');
    const near = /\[([^\]]*)\]/.exec(left)?.[1] ?? '';
    return {
      verbs: new Set(wordsOf(verbs)),
      heads: wordsOf(left.replace(/\[[^\]]*\]/, '')),
      near: wordsOf(near),
      class: (result.trim() === '' ? 'unknown' : result.trim()) as RiskClass,
    };
  });

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

const BY_VERB: ReadonlyMap<string, readonly Pair[]> = (() => {
  const rows = new Map<string, Pair[]>();
  for (const pair of parsed) for (const verb of pair.verbs) rows.set(verb, [...(rows.get(verb) ?? []), pair]);
  return rows;
})();

/** What a verb does to an object, with the words near them; undefined where the verb says nothing without more. */
export function senseOf(verb: string, object: readonly string[], near: ReadonlySet<string>): RiskClass | undefined {
  const around = object.length === 1 ? new Set([...near, '~bare']) : near;
  const row = BY_VERB.get(verb)?.find(
    ({ heads, near: wanted }) =>
      (heads.length === 0 || heads.some((head) => hasHead(object, head))) &&
      wanted.every((word) => isNear(word, wanted, around)),
  );
  if (row !== undefined && row.class !== 'unknown') return row.class;
  const sense = VERBS.get(verb);
  return sense === 'open' ? undefined : sense;
}

/** The noun acted on is the last; code is code wherever it stands (`run_sql_query`). */
function hasHead(object: readonly string[], head: string): boolean {
  const last = object.at(-1);
  if (last === undefined) return false;
  if (head === '@code' || head === '@database') return object.some((word) => isOf(word, head));
  return isOf(last, head);
}

function isOf(word: string, head: string): boolean {
  return head.startsWith('@') ? isKind(word, head.slice(1) as Kind) : word === head || word === `${head}s`;
}

/** Of the words and kinds without `!` one has to be near; of those with it none may be. */
function isNear(wanted: string, all: readonly string[], near: ReadonlySet<string>): boolean {
  if (wanted.startsWith('!')) return !near.has(wanted.slice(1));
  return all.filter((word) => !word.startsWith('!')).some((word) => near.has(word));
}
