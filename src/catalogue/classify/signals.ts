import type { Signal, SignalKind } from '../classification.ts';
import { isKind, singular } from './objects.ts';
import type { Parameter, ToolText } from './read-tool.ts';
import type { Verdict } from './verdict.ts';

const wordsIn = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const CODE = wordsIn(
  'code script command cmd shell javascript js python bash expression program snippet sourcecode evaluate eval powershell lua groovy applescript statements commands args argv',
);
const SQL = wordsIn(
  'sql cypher statement promql logql graphql kql jql soql gremlin sparql esql mql ddl dml cql traceql nrql flux pipeline',
);
const PATH = wordsIn(
  'path filepath file filename filepaths paths dir directory folder cwd workdir rootdir outputpath inputpath localpath dest destination workspacedir',
);
const URL_NAMES = wordsIn(
  'url uri urls href link endpoint host hostname domain webhook callback website proxy server baseurl ip ipaddress redirect',
);
const HTML = wordsIn('html bodyhtml htmlbody markup svg htmlcontent');
const RECIPIENT = wordsIn(
  'to recipient recipients cc bcc email emails phone phonenumber channel chatid channelid invitee invitees attendees toaddress destinationaddress audience mailto payee beneficiary toemail tonumber',
);
const AMOUNT = wordsIn(
  'amount amounts price qty notional sum total limitprice lots shares fee tip bid stake wei lamports sats volume_usd budget spend stopprice unitamount slippage leverage',
);
const SECRET = wordsIn(
  'password secret apikey privatekey credential credentials passphrase cookie cookies bearer otp mnemonic seedphrase clientsecret accesstoken authtoken refreshtoken pat passcode pin authorization clientkey secretkey accesskey',
);
const NO_SECRET = wordsIn(
  'page next max min count limit num pagination cursor continuation sync csrf idempotency prompt completion total output input tokens sort delta pagetoken nexttoken',
);
const MANY = wordsIn('bulk batch all multiple mass many every');
const QUERY_NEAR = wordsIn(
  'sql database db postgres mysql sqlite clickhouse cypher neo4j promql logql select snowflake bigquery athena influxdb duckdb redshift mongodb graphql datasource',
);

const ABSENT =
  /(?:omit|leave (?:it )?(?:empty|blank|out)|not (?:provided|specified|given|set|supplied)|empty|absent|unset|without it|default)[^.]{0,60}\b(?:all|every|everything|entire|whole|any)\b|\b(?:all|every|everything|entire|whole)\b[^.]{0,40}\b(?:if|when|unless|by default)\b[^.]{0,30}(?:omit|not |empty|absent|unset|default)/i;

/** What there is to know of a tool beside its class: by its parameters where they are known, else by its words. */
export function signalsOf(tool: ToolText, verdict: Verdict): readonly Signal[] {
  const found: Signal[] = tool.parameters.flatMap((parameter) =>
    kindsOf(parameter, tool, verdict).map((kind) => ({ kind, parameter: parameter.name })),
  );
  const whole = wholeKinds(tool, verdict).filter((kind) => !found.some((signal) => signal.kind === kind));
  return [...found, ...whole.map((kind) => ({ kind, parameter: undefined }))];
}

function kindsOf(parameter: Parameter, tool: ToolText, verdict: Verdict): readonly SignalKind[] {
  const { words, types, description, isRequired } = parameter;
  const name = words.join('');
  const last = words.at(-1) ?? '';
  const kinds: SignalKind[] = [];
  const isText = types.length === 0 || types.includes('string') || types.includes('array') || types.includes('object');
  const isFree = isText && !parameter.isBound;
  const names = (set: ReadonlySet<string>): boolean => set.has(name) || set.has(last) || set.has(singular(last));
  if (isFree && names(CODE) && verdict.class !== 'read') kinds.push('code');
  if (isFree && (names(SQL) || ((last === 'query' || last === 'q') && nearQuery(tool)))) kinds.push('sql');
  if (isFree && names(PATH) && last !== 'id') kinds.push('path');
  if (isFree && words[0] !== 'exclude' && words[0] !== 'include' && (names(URL_NAMES) || parameter.format === 'uri'))
    kinds.push('url');
  if (isFree && (names(HTML) || (/\bhtml\b/i.test(description) && (last === 'body' || last === 'content'))))
    kinds.push('html');
  if (isFree && names(RECIPIENT) && verdict.class !== 'read') kinds.push('recipient');
  if (names(AMOUNT) && verdict.class !== 'read') kinds.push('amount');
  if (
    isFree &&
    (names(SECRET) || (last === 'token' && words.length <= 2)) &&
    !words.some((word) => NO_SECRET.has(word))
  )
    kinds.push('credential-in');
  if (types.includes('array') && verdict.class !== 'read' && !kinds.includes('code')) kinds.push('bulk');
  if (!isRequired && verdict.class !== 'read' && (ABSENT.test(description) || isLonelyFilter(parameter, tool, verdict)))
    kinds.push('widens-when-absent');
  if (
    isFree &&
    types.every((type) => type === 'string' || type === 'null') &&
    isId(words) &&
    parameter.format !== 'uuid'
  )
    kinds.push('id-in-path');
  return kinds;
}

function isId(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  return last === 'id' || last === 'uid' || last === 'slug' || last === 'iid';
}

/** A tool that destroys or marks, and needs no argument: an id left out means all. */
function isLonelyFilter({ words }: Parameter, tool: ToolText, verdict: Verdict): boolean {
  return (
    (verdict.class === 'destructive' || tool.nameWords.includes('mark')) &&
    isId(words) &&
    tool.parameters.every(({ isRequired }) => !isRequired)
  );
}

function nearQuery(tool: ToolText): boolean {
  for (const word of tool.near) if (QUERY_NEAR.has(word)) return true;
  return false;
}

/** What is seen at no parameter. */
function wholeKinds(tool: ToolText, verdict: Verdict): readonly SignalKind[] {
  const kinds: SignalKind[] = [];
  const acts = verdict.acts.slice(0, 3);
  const object = acts.flatMap((act) => act.object);
  const isKnown = tool.parameterCount > 0;
  const isSecretThing = (word: string): boolean =>
    isKind(word, 'secret') && word !== 'token' && word !== 'key' && word !== 'wallet';
  if (tool.nameWords.some((word) => MANY.has(word)) && verdict.class !== 'read') kinds.push('bulk');
  if (tool.parameterCount > 10) kinds.push('many-parameters');
  if (verdict.class === 'read' && (tool.nameWords.some(isSecretThing) || object.some(isSecretThing)))
    kinds.push('credential-out');
  if (
    verdict.class === 'write' &&
    acts.some(({ verb, object: made }) => MAKES.has(verb) && made.some((word) => isKind(word, 'secret')))
  )
    kinds.push('credential-out');
  if (acts.some(({ verb }) => verb === 'approve' || verb === 'authorize')) kinds.push('approves');
  if (
    verdict.class === 'read' &&
    tool.nameWords.some((word) => word === 'tool' || word === 'tools') &&
    LISTS.has(acts[0]?.verb ?? '')
  )
    kinds.push('lists-tools');
  if (verdict.class !== 'read' && ABSENT.test(tool.description.slice(0, 1_000))) kinds.push('widens-when-absent');
  if (isKnown) return kinds;
  if (verdict.class === 'execute' && object.some((word) => isKind(word, 'code'))) kinds.push('code');
  if (object.includes('sql') || object.includes('cypher')) kinds.push('sql');
  if (verdict.class === 'execute' && object.some((word) => isKind(word, 'url'))) kinds.push('url');
  if (object.some((word) => isKind(word, 'file') || word === 'directory')) kinds.push('path');
  if (verdict.class === 'write' && acts.some(({ verb }) => SENDS.has(verb))) kinds.push('recipient');
  if (verdict.class === 'financial') kinds.push('amount');
  return kinds;
}

const MAKES = wordsIn('create generate issue rotate make regenerate new');
const LISTS = wordsIn('list get search find discover show describe query read fetch');
const SENDS = wordsIn('send forward email mail sms dm message notify invite share text');
