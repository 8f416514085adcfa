const PLACE = `  --data DIR           the data folder (default: $TOOLGATE_DATA, else the platform's own place)
  --config FILE        the configuration in which people stand (default: toolgate.jsonc of the data folder)
  --url URL            a running gateway instead, by https, or by http on this machine (default: $TOOLGATE_URL)
`;

const WHO = `Only a person answers: with the token in TOOLGATE_TOKEN, or at a terminal, where it is asked for and not shown.
People stand under "people" in the configuration. To be able to read the data folder is not enough.
`;

const AS = `  --as NAME            asks for the passphrase of NAME instead of a token
`;

const LOOK = `Who reads the data folder may look; over --url a person's token or passphrase is needed.
`;

const WISH = `  --until DATE         the last day on which the rule holds, such as 2027-01-31 (default: 30 days from now)
  --widen NAME=CHOICE  binds that argument less tightly, by one of the choices that are shown; any number of times;
                       "begins with TEXT" and "within FOLDER" may name another beginning or folder than those shown
  --max N              at most N such calls in the --window, beyond which a person is asked again
  --window W           such as hour, day, or 15m
`;

export const APPROVALS_LIST_HELP: string = `Usage: toolgate approvals list [OPTION...]

Prints the questions that wait for a person's answer, the last asked first.
${LOOK}
  --live               also what was approved and is not used yet
  --all                also what is over: used, denied, expired, void
  --json               {"approvals": […]}, as the API gives it
  --jsonl              one object a line
  --limit N            at most so many (default 50)
${PLACE}${AS}`;

export const APPROVALS_SHOW_HELP: string = `Usage: toolgate approvals show ID [OPTION...]

Shows all that one decides by: who asks, the tool and its class, the arguments with everything unseen written as an
escape, the rule that asked, and what differs from the last such call that was approved. That it was shown is recorded.
ID may be shortened: "ap_" and at least 6 characters, if no other begins so.
${LOOK}
  --json               one object, as the API gives it
${PLACE}${AS}`;

export const APPROVALS_APPROVE_HELP: string = `Usage: toolgate approvals approve ID [OPTION...]

Lets exactly this call pass, once. Policy, limits and the tool's definition are checked again when it is sent.
${WHO}Exit code 0: answered. 1: not, and why. 2: the command line is wrong.

  --note TEXT          why, for the log; the agent is not told
  --args JSON          these arguments instead, an object: the call is judged anew by the whole policy
  --edit               opens the arguments in $VISUAL or $EDITOR, shows what differs, and asks
  --always             shows the narrowest rule that lets this call pass from now on, and asks; the rule is written
                       once the answer counts; needs a terminal
${WISH}${PLACE}${AS}`;

export const APPROVALS_DENY_HELP: string = `Usage: toolgate approvals deny ID [OPTION...]

The call is not made, and the agent is told why.
${WHO}
  --reason TEXT        what the agent and the log are told
${PLACE}${AS}`;

export const APPROVALS_ALWAYS_HELP: string = `Usage: toolgate approvals always ID [OPTION...]

Shows the narrowest rule that lets this call pass without a question: in words, and as it changes the policy. With
--adopt it is written, as a new version of the policy. The question itself is left as it is.
${WHO}
${WISH}  --adopt DIGEST       writes the rule, if it is the one that was shown with this digest
  --json               what would be written, as the API gives it
${PLACE}${AS}`;

export const APPROVALS_WATCH_HELP: string = `Usage: toolgate approvals watch [OPTION...]

Prints each question as it comes, those that wait already first, and what becomes of it, until Ctrl-C.
${LOOK}
  --json               one object a line: {"event": "asked|answered|approved|over", "approval": {…}}
${PLACE}${AS}`;
