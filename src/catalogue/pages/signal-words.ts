import type { SignalKind } from '../classification.ts';

/** What a signal says of a tool, and of what is to be done about it; whole sentences. */
interface SignalWords {
  readonly says: string;
  readonly care: string;
}

/** All signals there are, in the order in which they are told. */
export const SIGNAL_WORDS: Readonly<Record<SignalKind, SignalWords>> = {
  code: {
    says: 'takes code or a shell command',
    care: 'Whoever fills this argument runs programs with the rights of the server; no rule can tell good code from bad. Run the server where that harms nobody, or let a person read each call.',
  },
  sql: {
    says: 'takes a query in a language of its own',
    care: 'A query can change and delete where the account may. Give the server an account that may only read, and let only queries through that read (sql_only, for SQL).',
  },
  path: {
    says: 'takes the name of a file or folder',
    care: 'Keep it within one folder (path_within): ../ and absolute names lead everywhere else.',
  },
  url: {
    says: 'takes a URL or a host',
    care: 'List the hosts that it may name (url_host_in): a free target reaches inner networks, and carries out what is put into the address.',
  },
  html: {
    says: 'takes markup that a browser or mail program obeys',
    care: 'Scripts and tracking images in it act where it is shown; let a person look, or refuse it.',
  },
  recipient: {
    says: 'says who gets something',
    care: 'List the recipients, or the domains of addresses (email_domain_in), that may be named: it is a way out for what the agent knows.',
  },
  amount: {
    says: 'takes a sum or a quantity',
    care: 'Bound it for each call, and its sum for each day (a limit with "amount").',
  },
  'credential-in': {
    says: 'takes a secret',
    care: 'A secret in an argument goes through the model and into logs. Configure it at the server instead.',
  },
  'credential-out': {
    says: 'can answer with secrets',
    care: 'Have them masked ("results": {"redact": [{"secrets": true}]}): what the model reads can be carried out by its next call.',
  },
  bulk: {
    says: 'acts on many things at once',
    care: 'One mistaken call is many mistakes: bound the size of the list.',
  },
  'widens-when-absent': {
    says: 'acts on more when an argument is left out',
    care: 'Require the argument (op "exists"): agents leave things out.',
  },
  'id-in-path': {
    says: 'puts an id into the path of a request',
    care: 'Require the plain form of the id (a regular expression): a slash or a dot in it leads to another endpoint.',
  },
  approves: {
    says: 'says yes where a person should',
    care: 'An agent that can approve its own calls asks nobody: hide it from whoever is to be approved.',
  },
  'lists-tools': {
    says: 'lists other tools, hidden ones too',
    care: 'What is hidden here can still be read there; what is refused stays refused.',
  },
  'many-parameters': {
    says: 'has more than ten parameters',
    care: 'Rules that name each of them are hard to write: "validate": "strict" refuses what its schema does not know.',
  },
};
