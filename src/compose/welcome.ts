/** What to paste where, so that a client speaks to the gateway. */
export function snippets(name: string, url: string, token: string): string {
  const claude = `claude mcp add --transport http ${name} ${url} --header "Authorization: Bearer ${token}"`;
  const headers = { Authorization: `Bearer ${token}` };
  const cursor = JSON.stringify({ mcpServers: { [name]: { url, headers } } });
  const code = JSON.stringify({ servers: { [name]: { type: 'http', url, headers } } });
  return [
    '  Claude Code     in a shell:',
    `    ${claude}`,
    '  Cursor          in ~/.cursor/mcp.json:',
    `    ${cursor}`,
    '  VS Code         in .vscode/mcp.json:',
    `    ${code}`,
  ].join('\n');
}
