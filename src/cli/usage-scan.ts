export const SCAN_HELP: string = `Usage: toolgate scan [OPTION...] -- COMMAND [ARG...]
       toolgate scan [OPTION...] --url URL [--header 'NAME: VALUE']...
       toolgate scan [OPTION...] --config FILE [--server NAME]
       toolgate scan [OPTION...] --tools FILE

Tells of each tool of a server what it can do, how bad that can be and why that is thought, and what its definition
hides; and recommends a policy.
The server is started, or connected to, and asked for its list of tools; none of them is called. Nothing leaves this
machine. With --tools nothing is started: the file holds an answer to tools/list, an array of tools, or an array of
{"server": NAME, "tools": [...]}.
Exit code 0: all was looked at. 1: something could not be, or --fail-on found something.

  --write FILE         writes the policy (.json, or .jsonc with the reasons in it), and beside it FILE.test.json for
                       toolgate policy test; with several servers, or a folder, two files for each server
  --force              writes over files that are there
  --destructive WORD   hide (default) or approve: what becomes of tools that remove or end something for good
  --root DIR           paths must stay within this folder; any number of times
  --host HOST          URLs must name this host, such as example.com or *.example.com; any number of times
  --fail-on SEVERITY   exit code 1 if a tool is at least that severe: low, medium, high or critical. What a definition
                       hides is medium, and critical where no ordinary server does it
  --json               an array of {server, tool, class, severity, signals, reason, evidence, findings, recommended}
  --sarif              as SARIF 2.1.0, from --fail-on on (default: medium)
  --server NAME        with --config: only this server; else the name by which the server is known here
  --config FILE        the servers of a configuration
  --tools FILE         lists of tools: .json, .jsonc, .yaml or .yml
  --url URL            a remote server; \${NAME} in it reads the environment
  --header 'N: V'      a header for every request to it, any number of times; \${NAME} reads the environment:
                       other processes can read a command line, so that is where a secret belongs
`;
