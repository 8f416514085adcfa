import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, desk, type Ran } from '../../test/kit/command-line.ts';
import { fetchDocument } from '../compose/fetch-document.ts';
import { loadSettings } from '../settings/load.ts';

const PACKAGE = {
  registryType: 'npm',
  identifier: '@somebody/weather-mcp',
  version: '1.0.2',
  transport: { type: 'stdio' },
};

function serverOf(more: object, first: object = PACKAGE): object {
  return {
    name: 'io.github.somebody/weather',
    description: 'The weather.',
    version: '1.0.2',
    packages: [first],
    ...more,
  };
}

function packageWith(more: object): object {
  return serverOf({}, { ...PACKAGE, ...more });
}

let files: Desk;
beforeAll(async () => {
  files = await desk();
});

async function imported(content: unknown, ...options: string[]): Promise<Ran> {
  const file = await files.file('server.json', content);
  return files.toolgate(['catalogue', 'import', file, ...options]);
}

describe('a package of the registry', () => {
  it('becomes an entry that the gateway reads as exactly that command, with a place for the secret', async () => {
    const note = `a b; rm -rf / \${HOME} $(id)`;
    const ran = await imported(
      packageWith({
        packageArguments: [
          { type: 'positional', valueHint: 'city', isRequired: true },
          { type: 'named', name: '--units', default: 'metric', choices: ['metric', 'imperial'] },
          { type: 'named', name: '--note', value: note },
          { type: 'named', name: '-v', value: '{level}', variables: { level: { default: '2' } } },
        ],
        environmentVariables: [
          { name: 'WEATHER_API_KEY', isRequired: true, isSecret: true },
          { name: 'LOG', default: 'info' },
          { name: 'UNUSED' },
        ],
      }),
      '--set',
      'city=Bern',
      '--out',
      'weather.jsonc',
    );
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toMatch(
      /\n {2}toolgate scan --config weather\.jsonc --server weather --write weather\.policy\.jsonc\n$/,
    );
    const loaded = await loadSettings(join(files.folder, 'weather.jsonc'), {
      MCP_WEATHER_WEATHER_API_KEY: 'k-1',
      HOME: '/home/alice',
    });
    const entry = loaded.kind === 'settings' ? loaded.settings.servers.get('weather') : loaded.problems;
    expect(entry).toMatchObject({
      kind: 'command',
      command: ['npx', '-y', '@somebody/weather-mcp@1.0.2', 'Bern', '--units=metric', `--note=${note}`, '-v', '2'],
    });
    const env = entry !== undefined && 'env' in entry ? [...entry.env] : [];
    expect(env.map(([name, value]) => [name, value.reveal()])).toEqual([
      ['WEATHER_API_KEY', 'k-1'],
      ['LOG', 'info'],
    ]);
    expect(ran.out).toContain(`\n  --note=${note}\n`);
    expect(ran.out).toContain('To be set where the gateway starts: MCP_WEATHER_WEATHER_API_KEY.');
    const again = await files.toolgate([
      'catalogue',
      'import',
      'server.json',
      '--set',
      'city=Bern',
      '--out',
      'weather.jsonc',
    ]);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is there already') });
  });

  it('shows what cannot be seen in what it says of itself', async () => {
    const { out } = await imported(serverOf({ description: 'Tells \u202e the weather\u0007' }));
    expect(out).toContain('Tells \\u{202e} the weather');
    for (const unseen of ['\u0007', '\u202e']) expect(out).not.toContain(unseen);
  });

  it.each<[string, object, string]>([
    ['a range', packageWith({ version: '^1.0.0' }), 'no exact version'],
    ['a word that moves', packageWith({ version: 'latest' }), 'no exact version'],
    ['no version', packageWith({ version: undefined }), 'has no version'],
    ['a wildcard', packageWith({ version: '1.x' }), 'no exact version'],
    ['a server of any version', serverOf({ version: 'latest' }), 'no exact version'],
    ['a name that is an option', packageWith({ identifier: '--call=id' }), 'no name of a package'],
    ['a name with a path', packageWith({ identifier: '../evil' }), 'no name of a package'],
    ['another registry', packageWith({ registryBaseUrl: 'https://npm.evil.example' }), 'would look for that name in'],
    ['a runner of its own', packageWith({ runtimeHint: 'bash' }), 'asks to be run by "bash"'],
    [
      'an option that has the runner load a file',
      packageWith({ runtimeArguments: [{ type: 'named', name: '--node-options', value: '--require /tmp/x' }] }),
      '"--node-options" for npx is not taken over',
    ],
    [
      'a variable that takes the runner over',
      packageWith({ environmentVariables: [{ name: 'NODE_OPTIONS', value: '--require /tmp/x' }] }),
      'NODE_OPTIONS changes what the runner itself does',
    ],
    [
      'a value that would be an option',
      packageWith({ packageArguments: [{ type: 'positional', value: '--exec=id' }] }),
      'begins with a dash',
    ],
    [
      'a value that becomes an option once it is filled in',
      packageWith({
        packageArguments: [{ type: 'positional', value: '{what}', variables: { what: { default: '--exec=id' } } }],
      }),
      'begins with a dash',
    ],
    [
      'a variable by which packages come from elsewhere',
      packageWith({ environmentVariables: [{ name: 'XDG_CONFIG_HOME', value: '/tmp/x' }] }),
      'XDG_CONFIG_HOME changes what the runner itself does',
    ],
    [
      'a control character',
      packageWith({ packageArguments: [{ type: 'positional', value: 'a\u001b[2Jb' }] }),
      'control character',
    ],
    [
      'an option that is none',
      packageWith({ packageArguments: [{ type: 'named', name: '--a b=', value: 'c' }] }),
      'no name of an option',
    ],
    ['a server that listens by itself', packageWith({ transport: { type: 'sse' } }), 'start it yourself'],
    ['a bundle without a digest', packageWith({ registryType: 'mcpb', version: undefined }), 'fileSha256'],
    ['a crate', packageWith({ registryType: 'cargo' }), 'cargo install'],
    ['nothing to run', serverOf({ packages: [] }), 'neither a package nor a remote address'],
    ['a name that is none', serverOf({ name: 'weather' }), 'no name of the registry'],
    [
      'a container that sees the whole machine',
      serverOf(
        {},
        {
          ...PACKAGE,
          registryType: 'oci',
          identifier: 'ghcr.io/x/y:1.0.0',
          runtimeArguments: [{ type: 'named', name: '-v', value: '/:/host' }],
        },
      ),
      '"-v" for docker is not taken over',
    ],
    [
      'an image of any version',
      packageWith({ registryType: 'oci', identifier: 'ghcr.io/x/y:latest' }),
      'names no version',
    ],
  ])('is refused with %s', async (_, content, why) => {
    const ran = await imported(content);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain(why);
  });

  it('gives a secret of a container by its environment, never among the arguments', async () => {
    const variables = { url: { isSecret: true, isRequired: true } };
    const ran = await imported(
      packageWith({
        registryType: 'oci',
        identifier: `ghcr.io/x/db@sha256:${'a'.repeat(64)}`,
        runtimeArguments: [{ type: 'named', name: '-e', value: 'DB_URL={url}', variables }],
      }),
      '--json',
    );
    expect(JSON.parse(ran.out)).toMatchObject({
      entry: {
        command: ['docker', 'run', '-i', '--rm', '-e', 'DB_URL', `ghcr.io/x/db@sha256:${'a'.repeat(64)}`],
        env: { DB_URL: `\${MCP_WEATHER_URL}` },
      },
      variables: ['MCP_WEATHER_URL'],
      warnings: [],
    });
  });

  it('takes no secret from the command line, and nothing that is not asked for', async () => {
    const content = packageWith({ environmentVariables: [{ name: 'KEY', isSecret: true, isRequired: true }] });
    expect((await imported(content, '--set', 'KEY=hunter2')).err).toContain('"KEY" is a secret');
    expect((await imported(content, '--set', 'OTHER=1')).err).toContain('nothing of that name is asked for');
  });

  it('warns of one that looks like a known one, and says of a known one that it is known', async () => {
    const alike = await imported(packageWith({ identifier: '@playwrlght/mcp' }));
    expect(alike.out).toContain(
      'Warning: npm:@playwrlght/mcp looks like, and is not, the known package npm:@playwright/mcp',
    );
    const known = await imported(packageWith({ identifier: '@playwright/mcp' }), '--json');
    expect(JSON.parse(known.out)).toMatchObject({ known: 'playwright', warnings: [] });
    const named = await imported(serverOf({ name: 'io.github.eve/github' }));
    expect(named.out).toContain('is called like "github" of the catalogue');
  });
});

describe('a remote server of the registry', () => {
  const remote = (more: object): object => ({
    name: 'com.example/hub',
    version: '2.0.0',
    remotes: [{ type: 'streamable-http', url: 'https://hub.example.com/mcp', ...more }],
  });
  const tenant = { url: 'https://{tenant}.example.com/mcp', variables: { tenant: { isRequired: true } } };

  it('becomes an entry with its address filled in and its secrets from the environment', async () => {
    const headers = [
      { name: 'Authorization', value: 'Bearer {token}', variables: { token: { isSecret: true, isRequired: true } } },
    ];
    const ran = await imported(
      remote({ ...tenant, headers }),
      '--set',
      'tenant=acme',
      '--name',
      'acme',
      '--out',
      'hub.json',
    );
    expect(ran).toMatchObject({ code: 0 });
    const loaded = await loadSettings(join(files.folder, 'hub.json'), { MCP_ACME_TOKEN: 't-1' });
    const entry = loaded.kind === 'settings' ? loaded.settings.servers.get('acme') : loaded.problems;
    expect(entry).toMatchObject({ kind: 'url', url: 'https://acme.example.com/mcp' });
  });

  it.each<[string, object, string[], string]>([
    ['an open variable', remote(tenant), [], '"tenant" needs a value'],
    ['a value that changes the host', remote(tenant), ['--set', 'tenant=evil.example/x'], 'must be letters, digits'],
    ['plain http', remote({ url: 'http://hub.example.com/mcp' }), [], 'must begin with https://'],
    ['the cloud’s own address', remote({ url: 'https://169.254.169.254/latest' }), [], 'private network'],
    ['one of this machine', remote({ url: 'http://localhost:9000/mcp' }), [], '--loopback'],
    ['a private one in other clothes', remote({ url: 'https://[::ffff:10.0.0.1]/mcp' }), [], 'private network'],
    ['a password in it', remote({ url: 'https://u:p@hub.example.com/mcp' }), [], 'user name or password'],
    ['an unknown way to speak', remote({ type: 'carrier-pigeon' }), [], 'no way to speak'],
    ['a header of the transport', remote({ headers: [{ name: 'Host', value: 'x' }] }), [], 'the gateway sets itself'],
  ])('is refused with %s', async (_, content, options, why) => {
    const ran = await imported(content, ...options);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain(why);
  });

  it('may be on this machine if that is said', async () => {
    const ran = await imported(remote({ url: 'http://localhost:9000/mcp' }), '--loopback', '--json');
    expect(JSON.parse(ran.out)).toMatchObject({ entry: { url: 'http://localhost:9000/mcp' } });
  });
});

describe('an answer of the registry', () => {
  const official = (said: object): object => ({ _meta: { 'io.modelcontextprotocol.registry/official': said } });

  it('that was deleted is refused; one that is deprecated, or old, is warned of', async () => {
    const gone = await imported({ server: serverOf({}), ...official({ status: 'deleted', statusMessage: 'malware' }) });
    expect(gone).toMatchObject({ code: 1, out: '' });
    expect(gone.err).toContain('deleted this version ("malware")');
    const old = await imported({ server: serverOf({}), ...official({ status: 'deprecated', isLatest: false }) });
    expect(old.out).toContain('Warning: the registry says: deprecated.');
    expect(old.out).toContain('a later version; this one was asked for');
  });

  it('with several versions takes none by itself, with several servers none at all', async () => {
    const versions = { servers: [{ server: serverOf({}) }, { server: serverOf({ version: '1.0.3' }) }] };
    expect((await imported(versions)).err).toContain('holds the versions "1.0.2", "1.0.3"; say which with --version');
    expect((await imported(versions, '--version', '1.0.3', '--json')).out).toContain('weather@1.0.3');
    const two = { servers: [{ server: serverOf({}) }, { server: serverOf({ name: 'io.github.x/other' }) }] };
    expect((await imported(two)).err).toContain('import them one by one');
  });

  it('with several ways to the server lists them', async () => {
    const both = serverOf({ remotes: [{ type: 'streamable-http', url: 'https://w.example.com/mcp' }] });
    const ran = await imported(both);
    expect(ran.err).toContain('--package N (1: npm');
    expect((await imported(both, '--package', '2', '--json')).out).toContain('"url": "https://w.example.com/mcp"');
  });
});

describe('by its address', () => {
  let http: Server;
  let base: string;
  let asked: string[];
  beforeAll(async () => {
    asked = [];
    http = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/moved') response.writeHead(302, { location: '/weather' }).end();
      else if (request.url === '/large') response.end(`"${'x'.repeat(3_000_000)}"`);
      else if (request.url === '/weather') response.end(JSON.stringify({ server: serverOf({}) }));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => http.close(resolve)));
  const fetched = (url: string): Promise<Ran> =>
    files.toolgate(['catalogue', 'import', url, '--json'], { fetchDocument });

  it('is fetched once', async () => {
    const ran = await fetched(`${base}/weather`);
    expect(JSON.parse(ran.out)).toMatchObject({ name: 'weather', version: '1.0.2' });
    expect(asked).toEqual(['/weather']);
  });

  it('is not followed elsewhere, nor read without end', async () => {
    expect((await fetched(`${base}/moved`)).err).toContain('redirect (302), which is not followed');
    expect((await fetched(`${base}/large`)).err).toContain('is larger than');
    expect((await fetched(`${base}/nothing`)).err).toContain('answers with status 404');
    // Nobody went where the redirect points.
    expect(asked).toEqual(['/weather', '/moved', '/large', '/nothing']);
  });

  it('must be on the open network, or plainly this machine', async () => {
    for (const url of ['http://example.com/x', 'https://10.0.0.1/x', 'ftp://example.com/x']) {
      expect((await fetched(url)).code).toBe(2);
    }
    // A name of which only the resolver knows where it leads.
    const named = await fetchDocument(new URL(`https://${hostname()}/`));
    expect(named).toMatchObject({ kind: 'fault', reason: expect.stringMatching(/private network|no such host/) });
  });
});
