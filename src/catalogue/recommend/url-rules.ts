import {
  type ArgumentRule,
  allOf,
  anyOf,
  given,
  holds,
  not,
  ruleFor,
  valuePath,
  wherePresent,
} from './argument-rule.ts';
import { plainName, shown } from './id-rule.ts';
import { isFreeText, type Parameter } from './parameter.ts';

const WEB: readonly string[] = ['https', 'http'];
/** Names by which a machine finds itself, its neighbours, and the keys that its cloud keeps for it. */
const OWN_HOSTS: readonly string[] = [
  'localhost',
  '*.localhost',
  '*.local',
  '*.internal',
  '*.intranet',
  '*.lan',
  '*.home',
  '*.corp',
  '*.home.arpa',
  '*.localdomain',
  '*.svc',
  'kubernetes.default',
  '169.254.169.254',
  'fd00:ec2::254',
];
const OWN_RANGES: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];
/** Beside `url_host_in`, which bites where the host is in dispute: addresses of private networks, all of IPv6, and names without a dot. */
const PRIVATE_URL =
  '^(?i:https?|wss?)://(?:(?:0|10|127|169\\.254|192\\.(?:168|0\\.0)|198\\.1[89]|2(?:2[4-9]|[34][0-9]|5[0-5])|172\\.(?:1[6-9]|2[0-9]|3[01])|100\\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\\.[0-9.]*(?:[:/?#]|$)|\\[|[^./:?#]+(?:[:/?#]|$))';
const LOCAL_SCHEMES: readonly string[] = ['file', 'ftp', 'gopher', 'dict', 'ldap', 'jar'];
/** What some reader takes for a URL: \ for /, one slash or none for two, no scheme, and nothing for blanks and control characters. */
const LIKE_URL = ':[/\\\\]|^[/\\\\]{2}|^\\s|[\\x00-\\x1f]|^(?i:https?|wss?|file|ftp|gopher|dict|ldap|jar):';
/** What resolvers take for an address: the last part is a number, or there are colons as in IPv6. A port may follow, which is no address. */
const LIKE_ADDRESS = '^(?:[^:/]*\\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\\.?(?:[:/]|$)|^\\[|^[0-9a-fA-F]*:[0-9a-fA-F:.]*$';
/** Names of this machine and its neighbours, in whatever case, with a dot, a port or a path behind them. */
const OWN_NAME =
  '(?i)(?:^|\\.)(?:localhost|localdomain|local|internal|intranet|lan|home|corp|home\\x2earpa|svc|kubernetes\\x2edefault)\\.?(?:[:/]|$)';
/** A name without a dot, nothing, or a URL where a host is asked for. */
const WITHOUT_DOT = '^[^.:/]*(?:/|$)|^[^.:/]+:[0-9]*(?:/|$)';
/** Whatever is read otherwise by some: an option, blanks, user names, encodings, letters that are mapped to others. */
const ODD_IN_HOST = '^-|[^A-Za-z0-9._:/*\\[\\]-]';

/** Keeps a URL or a host to those that are listed; where none is, away from the machine's own network. */
export function urlRules(parameter: Parameter, hosts: readonly string[]): readonly ArgumentRule[] {
  if (!isFreeText(parameter.elements ?? parameter)) return [];
  const plain = plainName(parameter.name);
  // Such a URL names no host that is called, or is of a scheme of its own.
  if (/connection|dsn|jdbc|s3|arn|bucket|pattern|prefix|include|exclude|select|filter/.test(plain)) return [];
  if (/(?:^|_)(?:host|hostname|domain|fqdn|ip|address)(?:s|es)?(?:_name)?$/.test(plain))
    return hostRules(parameter, hosts);
  const isUrl = /(?:^|_)(?:url|urls|href|webhook|callback)$/.test(plain) && !/repo|git|clone/.test(plain);
  if (!isUrl) return [maybeUrl(parameter, hosts)];
  return hosts.length > 0 ? [listedUrl(parameter, hosts)] : openUrl(parameter);
}

/** What may be a URL, or the name of a branch, an image or a host: only what is a URL is looked at. */
function maybeUrl(parameter: Parameter, hosts: readonly string[]): ArgumentRule {
  const name = shown(parameter.name);
  const path = valuePath(parameter);
  const isUrl = holds(path, 'regex', LIKE_URL);
  const isElsewhere =
    hosts.length > 0
      ? not(holds(path, 'url_host_in', hosts))
      : anyOf([
          holds(path, 'url_scheme_in', LOCAL_SCHEMES),
          holds(path, 'url_host_in', OWN_HOSTS),
          holds(path, 'regex', PRIVATE_URL),
        ]);
  const says =
    hosts.length > 0
      ? `must not be a URL of other hosts than ${hosts.join(' or ')}`
      : 'must not be a URL that leads into a private network or to this machine';
  return ruleFor(parameter, {
    list: 'deny_if',
    kind: 'public',
    onDeny: `${name} ${says}.`,
    condition: allOf([isUrl, isElsewhere]),
    good: given(parameter, ['main', 'https://example.com/', ...hosts.map(urlOf)]),
    bad: given(parameter, ['http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd']),
    note: `${name} ${says}. What is no URL passes.`,
  });
}

function urlOf(host: string): string {
  return `https://${host.replace(/^\*\./, 'www.')}/`;
}

function listedUrl(parameter: Parameter, hosts: readonly string[]): ArgumentRule {
  const name = shown(parameter.name);
  const says = `a URL of ${hosts.join(' or ')}`;
  return ruleFor(parameter, {
    list: 'require',
    kind: 'host',
    onDeny: `${name} must be ${says}.`,
    condition: wherePresent(parameter, (path) =>
      allOf([holds(path, 'url_host_in', hosts), holds(path, 'url_scheme_in', WEB)]),
    ),
    good: given(parameter, hosts.map(urlOf)),
    bad: given(parameter, ['https://elsewhere.example/', 'file:///etc/passwd']),
    note: `${name} must be ${says}, http or https.`,
  });
}

function openUrl(parameter: Parameter): readonly ArgumentRule[] {
  const name = shown(parameter.name);
  const path = valuePath(parameter);
  const good = given(parameter, [
    'https://example.com/',
    'https://example.com/image.png',
    'https://example.com/repository.git',
  ]);
  return [
    ruleFor(parameter, {
      list: 'require',
      kind: 'scheme',
      onDeny: `${name} must begin with https:// or http://.`,
      condition: wherePresent(parameter, (place) => holds(place, 'url_scheme_in', WEB)),
      good,
      bad: given(parameter, ['ftp://example.com/']),
      note: `${name} must be of the web.`,
    }),
    ruleFor(parameter, {
      list: 'deny_if',
      kind: 'public',
      onDeny: `${name} must not lead into a private network or to this machine.`,
      condition: anyOf([holds(path, 'url_host_in', OWN_HOSTS), holds(path, 'regex', PRIVATE_URL)]),
      good,
      bad: given(parameter, ['http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd']),
      note: `${name} must not lead into a private network. Any other host may be named, and names are not looked up: list the hosts that are meant with --host HOST.`,
    }),
  ];
}

function hostRules(parameter: Parameter, hosts: readonly string[]): readonly ArgumentRule[] {
  const name = shown(parameter.name);
  if (hosts.length > 0) return [listedHost(parameter, hosts)];
  const path = valuePath(parameter);
  return [
    ruleFor(parameter, {
      list: 'deny_if',
      kind: 'public',
      onDeny: `${name} must not be an address of a private network or of this machine.`,
      condition: anyOf([
        holds(path, 'regex', OWN_NAME),
        holds(path, 'regex', WITHOUT_DOT),
        holds(path, 'regex', ODD_IN_HOST),
        allOf([holds(path, 'regex', LIKE_ADDRESS), holds(path, 'ip_in', OWN_RANGES)]),
      ]),
      good: given(parameter, ['example.com', '203.0.113.7']),
      bad: given(parameter, ['127.0.0.1', 'LOCALHOST:80', '169.254.169.254', '0x7f.1']),
      note: `${name} must not be of a private network. Any other host may be named, and names are not looked up: list the hosts that are meant with --host HOST.`,
    }),
  ];
}

function listedHost(parameter: Parameter, hosts: readonly string[]): ArgumentRule {
  const says = hosts.join(' or ');
  const name = shown(parameter.name);
  const plain = hosts.filter((host) => !host.startsWith('*.'));
  const below = hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1));
  return ruleFor(parameter, {
    list: 'require',
    kind: 'host',
    onDeny: `${name} must be ${says}.`,
    condition: wherePresent(parameter, (path) =>
      anyOf([
        ...(plain.length > 0 ? [holds(path, 'in', plain)] : []),
        ...below.map((end) => holds(path, 'regex', `^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?${literal(end)}$`)),
      ]),
    ),
    good: given(
      parameter,
      hosts.map((host) => host.replace(/^\*\./, 'www.')),
    ),
    bad: given(parameter, ['elsewhere.example']),
    note: `${name} must be ${says}.`,
  });
}

function literal(text: string): string {
  return text.replace(/[^A-Za-z0-9-]/gu, (one) => `\\x{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}
