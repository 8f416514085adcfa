import { DATA } from './usage.ts';

const FILTERS = `  --since T, --until T from that time on, before that time: an age such as 30m, 2h, 7d, a day, or a time with its zone
                       such as 2027-01-01T08:00:00Z
  --grant G, --owner O, --server S, --tool T
                       of this name; * stands for any text (--tool 'mail_*'). A tool, a prompt or a resource
  --effect E           what was decided: allow, deny or require_approval
  --would-have E       what rules in shadow would have said instead
  --rule R             the pointer or the id of the rule that is named for it
  --text WORDS         holds all of these, each from the beginning of a word on, in any case: 'cfo@example.com invoice'
  --all                with the life of gateway and sessions: opened, ended, configuration taken up`;

export const AUDIT_LIST_HELP: string = `Usage: toolgate audit list [OPTION...]

Prints what was asked and what was decided, by rules and by people, newest first. All filters must be true of a record.

${FILTERS}
  --json               one array
  --jsonl              one object a line
  --csv                for spreadsheets, with a line of headings
  --limit N            at most so many records (default 50)
${DATA}
`;

export const AUDIT_SHOW_HELP: string = `Usage: toolgate audit show ID [OPTION...]

Prints everything the log holds about one call: what was asked, what was decided and why, what came of it, what people
said to it, and the links by which toolgate audit verify and prove find it. Arguments that are kept whole are opened
where their key is here.
Exit code 0: shown. 1: there is no such record.

  --config FILE        the configuration whose keys open arguments that are kept whole (default: toolgate.jsonc in the
                       data folder, if it is there)
  --json               {"record", "events", "links"}, and "kept" where arguments are kept whole
${DATA}
`;

export const AUDIT_TAIL_HELP: string = `Usage: toolgate audit tail [OPTION...]

Prints the last records, oldest first; with -f also those that come, until Ctrl-C ends it. A call is told when it is
decided; its outcome, where it comes later, is a line of its own.

  -f, --follow         goes on with what comes
  --limit N            begins with so many records (default 10)
${FILTERS}
  --jsonl              one object a line
${DATA}
`;
