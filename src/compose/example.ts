import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataFolder } from './data-folder.ts';

/** What runs while nothing is configured: a real server, a careful policy, one grant, one person. */
const EXAMPLE = `// Toolgate's example: edit and save this file, changes are taken up while the gateway runs.
{
  "servers": {
    "everything": { "command": ["npx", "-y", "@modelcontextprotocol/server-everything", "stdio"] }
  },
  "policies": {
    "careful": {
      "version": "1",
      "description": "A few harmless tools, within limits. Everything else on the server is refused.",
      "default": "deny",
      "hide": ["get-env"],
      "tools": {
        "echo": { "limits": [{ "counter": "echo_rate", "window": "minute", "max": 10, "scope": "grant" }] },
        "get-sum": {
          "require": [
            {
              "conditions": [
                { "path": "args.a", "op": "lte", "value": 1000 },
                { "path": "args.b", "op": "lte", "value": 1000 }
              ],
              "on_deny": "Only numbers up to 1000 are added here."
            }
          ]
        },
        // Ask your agent to call it: you are asked, and answer.
        "get-annotated-message": { "action": "require_approval", "reason": "A message is read to the agent only if a person agrees." },
        "get-tiny-image": {},
        "get-structured-content": {}
      }
    }
  },
  "grants": {
    "my-agent": { "owner": "me", "servers": { "everything": "careful" } }
  },
  // Who answers. A token of your own is made and printed once; no agent may have it.
  "people": {
    "me": { "roles": ["approver", "editor"] }
  }
}
`;

/** The configuration file of the data folder; made from the example if there is none. */
export function exampleFile(folder: string): { readonly file: string; readonly isNew: boolean } {
  const file = join(folder, 'toolgate.jsonc');
  if (existsSync(file)) return { file, isNew: false };
  makeDataFolder(folder);
  writeFileSync(file, EXAMPLE, { mode: 0o600, flag: 'wx' });
  return { file, isNew: true };
}

/** What the operator reads while the example runs for the first time. */
export function exampleRuns(file: string): string {
  const begins = `Nothing is configured yet, so an example runs: ${file}`;
  return `${begins}\nLet your agent call get-annotated-message: you are asked, and answer where "Approvals" says below.`;
}
