export const CATALOGUE_SEARCH_HELP: string = `Usage: toolgate catalogue search [WORD...] [OPTION...]

Finds servers and tools of the catalogue by names, by what is said of them, and by class; the closest names first. All
words must be found. Exit code 0: something was found. 1: nothing.

  --class CLASS        tools of this class: read, write, execute, destructive, financial, unknown
  --severity SEVERITY  tools of this severity: low, medium, high, critical
  --signal SIGNAL      tools with this signal, such as path, url, sql, code, credential-out, bulk
  --server NAME        of this server only
  --limit N            so many at most (default 30; --json: all)
  --json               {"servers": [{"server", "title", "tools"}], "tools": [{"server", "tool", "class", "severity", "reason"}]}
`;

export const CATALOGUE_SHOW_HELP: string = `Usage: toolgate catalogue show SERVER [TOOL] [OPTION...]

Prints the page of a server, or of a tool: what it can do, why that is thought, how it is abused, and the policy that
fits. Where it is known by one server only, a tool's name is enough.

  --json               the page as data: {"page": {"title", "sections"}} and what it was made from
`;

export const CATALOGUE_LIST_HELP: string = `Usage: toolgate catalogue list [OPTION...]

Prints the servers of the catalogue with the number of their tools of each class.

  --json               {"servers": [{"server", "title", "source", "tools", "classes"}]}
`;

export const CATALOGUE_IMPORT_HELP: string = `Usage: toolgate catalogue import (FILE | URL) [OPTION...]

Reads a server.json, or what the official registry answers around it, and proposes the entry of the configuration:
exactly the command that would run, or the URL. Nothing is started, and nothing is fetched but that one document. What
it says of itself is nobody's word but its author's.
Exit code 0: here is the entry. 1: there is none, and why.

  --name NAME          the server's name in the configuration (default: the last part of its own)
  --package N          of several packages and remote addresses the Nth, as they are told
  --version TEXT       of several versions in the answer this one
  --set NAME=VALUE     a value for an argument, variable or setting that needs one; any number of times. Secrets are
                       never given so: the entry names a variable of the environment for each
  --loopback           addresses of this machine are meant
  --out FILE           writes the configuration fragment to a new file as well
  --json               {"name", "version", "entry", "command" | "url", "identity", "warnings", …}
`;
