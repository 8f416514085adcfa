export const TOOLGATE_HELP: string = `toolgate — a policy gateway for MCP: no tool call reaches a server without passing your rules

Usage:
  toolgate serve [--config FILE] [--host H] [--port N]      guard the servers of a configuration, over HTTP
  toolgate wrap --policy FILE -- COMMAND [ARG...]           guard one server over stdio, in a client's configuration;
                                                            or with --url URL a remote one
  toolgate scan (-- COMMAND | --url URL | --tools FILE)     what can its tools do, and which policy fits?
  toolgate policy check FILE...                             is this policy valid, and does it mean what it seems to?
  toolgate policy explain FILE --tool NAME [--args JSON]    what would it say to this call, and why?
  toolgate policy test FILE...                              does it say what these cases want?
  toolgate policy diff OLD NEW                              what does a new version change?
  toolgate policy backtest DRAFT --since TIME               what would a draft have said to the calls of the log?
  toolgate policy convert FILE [--out FILE]                 what is this Intercept policy here?
  toolgate policy suggest --from-log                        which policy would have let what passed pass, and little else?
  toolgate tools list                                       which tools are accepted, which are new or changed?
  toolgate tools diff [TOOL...]                             what changed in their definitions?
  toolgate tools accept (TOOL... | --all)                   lets new or changed tools be listed and called
  toolgate attacks list                                     which attack patterns are known?
  toolgate attacks run [NAME...]                            do they work without their policy, and fail with it?
  toolgate people passphrase                                makes what the configuration keeps of a passphrase
  toolgate approvals list                                   which calls wait for a person's answer?
  toolgate approvals show ID                                what exactly is asked, and by whom?
  toolgate approvals approve ID                             yes, to this call, once; or with other arguments
  toolgate approvals deny ID                                no, and why
  toolgate approvals always ID                              which rule would let it pass from now on?
  toolgate approvals watch                                  tells of questions as they come
  toolgate audit list [--tool T] [--text WORDS]...          what was called, and what was decided
  toolgate audit show ID                                    everything about one call
  toolgate audit tail [-f]                                  tells of calls as they come
  toolgate audit verify                                     is the log whole and unchanged?
  toolgate audit head [--out FILE]                          its signed head, to be kept elsewhere
  toolgate audit prove ID [--out FILE]                      proves to anybody that a record is in the log
  toolgate audit prune                                      removes what need not be kept, from the oldest on
  toolgate audit rotate-key                                 from now on another key signs it
  toolgate audit rotate-values-key                          from now on another key seals kept arguments
  toolgate audit erase --grant LABEL                        erases the kept arguments of a grant's calls
  toolgate audit exports                                    how far have the receivers of the log come?
  toolgate catalogue search WORD...                         which servers and tools are known, and what can they do?
  toolgate catalogue show SERVER [TOOL]                     all about one: class, reasons, abuse, the policy that fits
  toolgate catalogue list                                   the servers that are known
  toolgate catalogue import (FILE | URL)                    what would this server.json of the registry run?
  toolgate doctor                                           what about this installation should be otherwise?

  toolgate COMMAND --help tells more about each; toolgate --version prints the version.
`;

export const DATA: string = `  --data DIR           the data folder: counters, log, keys (default: $TOOLGATE_DATA, else the platform's
                       own place, such as ~/.local/share/toolgate)`;

export const SERVE_HELP: string = `Usage: toolgate serve [OPTION...]

Guards the servers of a configuration: each at /mcp/NAME, all that a grant may use together at /mcp. Without --config
it takes the example in the data folder, and puts it there first. Changed files are taken up while it runs.

  --config FILE        the configuration: .json, .jsonc, .yaml or .yml
  --host H             the address to listen at (default 127.0.0.1); one that is not loopback needs TLS
                       or --behind-proxy
  --port N             the port (default 8787; 0 for any free one)
  --tls-cert FILE      the certificate (PEM), with --tls-key
  --tls-key FILE       its private key (PEM)
  --behind-proxy       TLS ends at a proxy in front of the gateway
  --new-token LABEL    makes a new token for that grant, and prints it once
  --new-person-token NAME
                       the same for that person
${DATA}
`;

export const WRAP_HELP: string = `Usage: toolgate wrap --policy FILE [OPTION...] -- COMMAND [ARG...]
       toolgate wrap --policy FILE --url URL [--header 'NAME: VALUE']... [OPTION...]

Runs COMMAND, a stdio MCP server, and guards it: to be put in place of the command in a client's configuration.
With --url the server is a remote one (Streamable HTTP); the client speaks stdio all the same.

  --policy FILE        the policy: .json, .jsonc, .yaml or .yml
  --url URL            the remote server; \${NAME} in it reads the environment
  --header 'N: V'      a header for every request to it, any number of times; \${NAME} reads the environment:
                       other processes can read a command line, so that is where a secret belongs
  --server NAME        the server's name, to which counters belong (default: the command's name, or the URL's host)
  --grant LABEL        who calls, in limits and in the log (default: local)
  --config FILE        a configuration, of which "people", "approvals" and "notices" hold here: who may answer beside
                       the local user, how people are asked, who is told; its "servers" may be empty
${DATA}
`;

export const CHECK_HELP: string = `Usage: toolgate policy check FILE... [OPTION...]

Reads policies, or configurations with all their policies, and says all that is wrong with them, as
FILE:LINE:COLUMN POINTER MESSAGE, and what is valid but can hardly be meant, as … warning[CODE]: MESSAGE.
Exit code 0: valid. 1: not valid, or a warning with --strict. 2: the command line is wrong.

  --strict             warnings count as problems
  --baseline           FILE is the organisation's policy
  --tools FILE         what the server answers to tools/list: names, arguments and schemas are checked against it
  --server NAME        ask this server of the configuration for its tools instead; its classes count as well
  --config FILE        the configuration of --server (default: FILE if it is one, else the one that serve takes)
  --json               one JSON object: {"files": [{"file", "ok", "problems": […], "warnings": […]}]}
  --sarif              SARIF 2.1.0, for code scanners
`;

export const EXPLAIN_HELP: string = `Usage: toolgate policy explain FILE --tool NAME [OPTION...]

Judges one call by a policy and tells how it came to the answer: which entry speaks, what each condition saw, which
limits it would be counted by, and what would have changed the answer. Counters are taken as empty.
Exit code 0: allowed. 1: refused, or a person would be asked.

  --tool NAME          the tool that would be called; or --resource URI, --prompt NAME,
                       --request sampling|elicitation|roots (what a server asks of the client)
  --args JSON          its arguments, an object (default: {})
  --json               the whole trace as JSON
  --baseline FILE      the organisation's policy, which must let it pass as well
  --tools FILE         what the server answers to tools/list, for "validate" and tool.annotations
  --class CLASS        its risk class: read, write, execute, destructive, financial, unknown (the default)
  --at TIME            the time of the call, such as 2027-01-01T08:00:00Z (default: now)
  --calls JSON         calls let through before, such as {"read_secret": 2}, for grant.calls and session.calls
  --grant LABEL        who calls (default: local); also --owner NAME, --labels JSON, --session ID
  --client NAME        what the client says it is; also --client-version TEXT
  --server NAME        the server, to which counters belong (default: local)
`;

export const SUGGEST_HELP: string = `Usage: toolgate policy suggest --from-log [OPTION...]

Prints the tightest readable policy under which all calls that passed would pass again: the tools that were used, the
arguments that were seen, limits with room for half as much again; each rule with its evidence beside it. It is a draft
for a person to read, not a verdict on what was allowed so far.
Exit code 0: suggested. 1: no call passed in that time.

  --from-log           from the log; there is no other source yet
  --since T            from so long ago on, such as 7d (the default), 24h or 90m; or from a day or time on, such as
                       2027-01-01 or 2027-01-01T08:00:00Z
  --until T            up to then, written in the same ways
  --server NAME        of calls to this server only; a policy is for one server
  --grant G            of calls of this grant only
  --out FILE           writes it there; a file for each server if it is a folder, or there are several
  --force              even over a file that is there
  --config FILE        the configuration whose keys open arguments that are kept whole (default: toolgate.jsonc in the
                       data folder, if it is there)
  --json               {"server", "calls", "grants", "first", "last", "policy", "evidence": [{"pointer", "says", "calls",
                       "first", "last", "examples"}], "leftOut": [{"what", "why"}]}
${DATA}
`;

export const VERIFY_HELP: string = `Usage: toolgate audit verify [OPTION...]
       toolgate audit verify --proof FILE --public-key FILE [--json]

Computes every link of the log anew, and every tree head that the gateway signed. Exit code 0: whole and unchanged.
1: it names what is broken. What the gateway's own keys vouch for can be forged by whoever may write the data folder;
a head or a key that was kept elsewhere cannot.

  --against FILE       every record that this head covers must be there unchanged (from toolgate audit head)
  --public-key FILE    this key (PEM, such as audit-signing.pub) must have signed checkpoints of the log
  --since TIME         only what came after the last checkpoints before that time: 7d ago, or a day or time such as
                       2027-01-01 or 2027-01-01T08:00:00Z
  --proof FILE         checks this proof (from toolgate audit prove) instead of a log; needs no data folder
  --json               {"ok", "records", "writers", "signed", "checkpoints", "last", "keys", "trusted", "broken"}
${DATA}
`;

export const HEAD_HELP: string = `Usage: toolgate audit head [--out FILE] [OPTION...]

Prints the last checkpoint that was signed. It binds everything before it: keep it where nobody who may write the data
folder gets at it, and toolgate audit verify --against finds whatever is changed or cut off since.

  --out FILE           writes it there
${DATA}
`;

export const PROVE_HELP: string = `Usage: toolgate audit prove ID [--out FILE] [OPTION...]

Prints a proof that the records with this id are in the log: the records whole, the hashes that lead from each to the
root of a signed checkpoint, and that checkpoint. toolgate audit verify --proof checks it without the log.

  --out FILE           writes it there
${DATA}
`;

export const PRUNE_HELP: string = `Usage: toolgate audit prune [OPTION...]

Removes the oldest records of the log, once; a gateway does so by itself when its configuration has audit.keep. Records
go up to a checkpoint of their writer, and a seal that stays says so: toolgate audit verify still tells whether the
rest is whole, and how much was removed. It can run beside a gateway. What an export has not delivered yet stays.
Exit code 0: done. 1: something stays although it should go.

  --keep-days N        keeps what was signed in the last N days
  --keep-size S        keeps the store at no more than this, such as 500MiB or 2GiB
                       (default for both: audit.keep of the configuration)
  --dry-run            only tells what would be removed
  --config FILE        the configuration (default: toolgate.jsonc of the data folder)
  --json               {"records", "writers", "until", "why", "bytes", "faults"}
${DATA}
`;

export const ROTATE_HELP: string = `Usage: toolgate audit rotate-key [OPTION...]

Makes a new key that signs the log from now on; the old one signs that it does, so whoever trusts it need change
nothing. Running gateways take it up with their next checkpoint. The old private key is gone afterwards.

${DATA}
`;

export const ROTATE_VALUES_HELP: string = `Usage: toolgate audit rotate-values-key [OPTION...]

Makes a new key that seals arguments that are kept whole ("audit.arguments": "full"), in front of those in
audit-values.key of the data folder, and has it seal the keys below it anew. Earlier ones open as before; when no
gateway runs with them any more, their lines can be removed. Where "audit.values" of the configuration names a key,
that one is changed there: name the new one, and the old one under "earlier".

${DATA}
`;

export const ERASE_HELP: string = `Usage: toolgate audit erase --grant LABEL [OPTION...]

Erases arguments that were kept whole ("audit.arguments": "full"), and questions to people that are over. The records
stay, with the keyed digest of what was sent, so the log remains whole and verifies; the erasure is a record itself.

  --grant LABEL        of the calls of this grant
  --server NAME        only of calls to this server
  --tool NAME          only of calls of this tool
  --since TIME         only of calls from then on: 7d ago, or a day or time such as 2027-01-01T08:00:00Z
  --until TIME         only of calls until then, written in the same ways
  --dry-run            only tells how many there are
${DATA}
`;

export const TOOLS_LIST_HELP: string = `Usage: toolgate tools list [OPTION...]

Prints every tool that servers have listed: accepted, new (never accepted), or changed (defined otherwise than when it
was accepted). New and changed ones are held: neither listed nor called, unless "pins" of the server says otherwise.
Beside each stand its class and severity, as frozen with the accepted definition, and below what definitions hide.

  --server NAME        of this server only
  --json               {"servers": [{"server", "tools": [{"tool", "state", "pinned", "waiting", "findings"}]}]}
${DATA}
`;

export const TOOLS_DIFF_HELP: string = `Usage: toolgate tools diff [TOOL...] [OPTION...]

Shows what is new or changed in the definitions that wait to be accepted, and how to accept exactly that. What a
terminal would hide or obey is written as an escape. A change of class is told with its reason, and what a definition
hides. Of accepted tools it tells where this Toolgate would say another class than was frozen.
Exit code 0: nothing waits. 1: something does.

  --server NAME        of this server only
  --catalogue NAME     as if the server were this one of the catalogue; none: none of them
  --json               {"servers": [{"server", "digest", "tools": [{"tool", "state", "digest", "changes"}]}]}
${DATA}
`;

export const TOOLS_ACCEPT_HELP: string = `Usage: toolgate tools accept [--class] (TOOL... | --all) [OPTION...]

Accepts definitions that wait: from then on these, and no others, are listed and called, as of the class that is shown.
Running gateways take it up within a second. Exit code 0: accepted. 1: not, and why.

  --all                all that waits
  --server NAME        on this server only
  --digest D           only if what waits is exactly what toolgate tools diff showed with this digest; without it
                       what is accepted is printed
  --class              freezes anew the class of accepted tools as this Toolgate finds it; definitions stay
  --catalogue NAME     with --class: as if the server were this one of the catalogue; none: none of them
${DATA}
`;
