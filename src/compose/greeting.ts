import { answerables, faultLine } from '../settings/report/answerable.ts';
import type { GrantSettings, PersonSettings } from '../settings/settings.ts';
import type { InForce } from './in-force.ts';
import { snippets } from './welcome.ts';

/** How the commands are called: in a clone, where this file is not compiled, as a script of the package. */
const COMMAND = import.meta.url.endsWith('.ts') ? 'npm run -s toolgate --' : 'toolgate';

/** What a client that connects to all servers of a grant at once calls them. */
const ALL = 'toolgate';

/** What the operator reads at the start: where the gateway is, what each grant may reach, and who answers questions. */
export function greeting({ settings, tokens }: InForce, url: string, configured: string): string {
  const lines = [`Toolgate is listening on ${url}`, configured];
  for (const [label, grant] of settings.grants) {
    lines.push(...together(label, grant, url, tokens.made.get(label)));
    for (const [server, named] of grant.policies) {
      lines.push(
        '',
        `Grant ${label} on server ${server}, policy ${named.name}`,
        `  MCP address     ${url}/mcp/${server}`,
      );
      const token = tokens.made.get(label);
      if (token === undefined) continue;
      lines.push(shownOnce(token), snippets(server, `${url}/mcp/${server}`, token));
    }
    if (grant.tokenHash === undefined && !tokens.made.has(label)) {
      lines.push(shownBefore(`--new-token ${label}`));
    }
  }
  for (const [name, person] of settings.people) {
    lines.push(
      '',
      `Person ${name} (${[...person.roles].join(', ')})`,
      whereToAnswer(settings.approvals.url ?? url, url),
    );
    lines.push(...tokenOf(name, person, tokens.madeForPeople.get(name)));
  }
  return `${lines.join('\n')}\n\nCtrl-C stops it.\n`;
}

/** What the operator reads when a changed configuration made tokens; nothing when it made none. */
export function newTokens({ settings, tokens }: InForce, url: string): string {
  const lines: string[] = [];
  for (const [label, token] of tokens.made) {
    lines.push(`Grant ${label}: token ${token}   (shown once; keep it)`);
    const servers = [...(settings.grants.get(label)?.policies.keys() ?? [])];
    const [server, second] = servers;
    if (server === undefined) continue;
    lines.push(
      second === undefined ? snippets(server, `${url}/mcp/${server}`, token) : snippets(ALL, `${url}/mcp`, token),
    );
  }
  for (const [name, token] of tokens.madeForPeople) {
    lines.push(`Person ${name}: token ${token}   (shown once; keep it)`);
    lines.push(whereToAnswer(settings.approvals.url ?? url, url));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Tells of tokens in the configuration that open nothing. */
export function tellUnfit({ tokens }: InForce, log: (line: string) => void): void {
  for (const name of tokens.unfit) {
    log(`person ${name}: the token in the configuration is that of a grant and opens nothing; give ${name} another`);
  }
}

/** Tells of policies that ask what nobody can answer. */
export function tellUnanswerable({ settings }: InForce, log: (line: string) => void): void {
  for (const { fault } of answerables(settings)) if (fault !== undefined) log(faultLine(fault));
}

function tokenOf(name: string, person: PersonSettings, made: string | undefined): readonly string[] {
  if (made !== undefined) return [shownOnce(made)];
  if (person.tokenHash !== undefined || person.passphrase !== undefined) return [];
  return [shownBefore(`--new-person-token ${name}`)];
}

function whereToAnswer(pages: string, url: string): string {
  return `  Approvals       ${pages}/approvals, or: ${COMMAND} approvals list --url ${url}`;
}

function shownOnce(token: string): string {
  return `  Token           ${token}   (shown once; keep it)`;
}

function shownBefore(option: string): string {
  return `  Token           shown when it was made; ${option} makes another and ends the old one`;
}

/** The one address for all servers of a grant that has several. */
function together(label: string, grant: GrantSettings, url: string, token: string | undefined): readonly string[] {
  if (grant.policies.size < 2) return [];
  const lines = ['', `Grant ${label} on its ${grant.policies.size} servers together`, `  MCP address     ${url}/mcp`];
  return token === undefined ? lines : [...lines, shownOnce(token), snippets(ALL, `${url}/mcp`, token)];
}
