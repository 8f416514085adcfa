import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolgate } from './gateway.ts';
import type { Obj } from './json-rpc.ts';

export type Touchstone = 'mitmproxy' | 'flowforge';

/** Calls that the catalogue's rules for a tool speak about. */
export interface Examples {
  readonly tool: string;
  readonly class: string;
  readonly allowed: readonly Obj[];
  readonly asked: readonly Obj[];
  readonly refused: readonly Obj[];
}

/** The policy as a user gets it: written by `toolgate scan` from the server's own list of tools. */
export async function recommendedPolicy(server: Touchstone, options: readonly string[] = []): Promise<Obj> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-recommended-'));
  try {
    const policy = join(folder, 'policy.json');
    const tools = fileURLToPath(new URL(`./${server}.tools.json`, import.meta.url));
    const scan = await toolgate(['scan', '--tools', tools, '--server', server, '--write', policy, ...options]);
    if (scan.code !== 0) throw new Error(`scan ended with ${scan.code}: ${scan.stderr}`);
    const checked = await toolgate(['policy', 'check', '--strict', policy]);
    if (checked.code !== 0) throw new Error(`the recommended policy does not pass: ${checked.stderr}`);
    return JSON.parse(readFileSync(policy, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The calls that the catalogue gives as examples, for every tool of the server. */
export function examplesOf(server: Touchstone): readonly Examples[] {
  const file = new URL(`../../catalogue/servers/${server}.json`, import.meta.url);
  const { tools } = JSON.parse(readFileSync(file, 'utf8')) as { readonly tools: readonly Obj[] };
  return tools.map((tool) => {
    const given = tool['examples'] as { allowed?: Obj[]; asked?: Obj[]; refused?: Obj[] };
    const { allowed = [], asked = [], refused = [] } = given;
    return { tool: String(tool['name']), class: String(tool['class']), allowed, asked, refused };
  });
}
