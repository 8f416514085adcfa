import { describe, expect, test } from 'vitest';
import { UNREACHED } from '../../test/kit/command-line.ts';
import { StoreFault } from '../gateway/ports.ts';
import { run } from './run.ts';
import type { ServeOptions, World, WrapOptions } from './world.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The options that a long-running command was given. */
  readonly reached: readonly (ServeOptions | WrapOptions)[];
}

async function toolgate(argv: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const reached: (ServeOptions | WrapOptions)[] = [];
  const long = (options: ServeOptions | WrapOptions): Promise<number> => {
    reached.push(options);
    return Promise.resolve(0);
  };
  const world: World = {
    ...UNREACHED,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: { TOOLGATE_DATA: '/var/toolgate' },
    cwd: '/home/alice',
    now: () => 0,
    openLog: () => Promise.reject(new StoreFault('no log here')),
    openPins: () => Promise.reject(new StoreFault('no pins here')),
    serve: long,
    wrap: long,
  };
  return { code: await run(argv, world), out, err, reached };
}

describe('the command line itself', () => {
  test('tells what there is, and each command tells about itself', async () => {
    expect(await toolgate(['--help'])).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('toolgate serve'),
    });
    for (const words of ['serve', 'wrap', 'policy check', 'policy explain', 'audit list', 'audit verify']) {
      const ran = await toolgate([...words.split(' '), '--help']);
      expect(ran).toMatchObject({
        code: 0,
        err: '',
        reached: [],
        out: expect.stringContaining(`Usage: toolgate ${words}`),
      });
    }
    expect(await toolgate(['audit', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('audit verify'),
    });
    expect(await toolgate(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(await toolgate([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('toolgate serve') });
  });

  test.each([
    [['srve'], 'toolgate: unknown command "srve" — did you mean "serve"? (see toolgate --help)\n'],
    [['--port', '1'], 'toolgate: unknown option "--port" (see toolgate --help)\n'],
    [
      ['audit'],
      'toolgate audit: a word is missing; it is one of list, show, tail, verify, head, prove, prune, rotate-key, rotate-values-key, erase, exports (see toolgate --help)\n',
    ],
    [['audit', 'lst'], 'toolgate audit: unknown audit command "lst" — did you mean "list"? (see toolgate --help)\n'],
    [
      ['serve', '--prot', '1'],
      'toolgate serve: unknown option "--prot" — did you mean "--port"? (see toolgate serve --help)\n',
    ],
    [['serve', '-p', '1'], 'toolgate serve: unknown option "-p" (see toolgate serve --help)\n'],
    [['serve', '--port'], 'toolgate serve: --port needs a value (see toolgate serve --help)\n'],
    [
      ['serve', '--host', '--port', '1'],
      'toolgate serve: --host needs a value; if "--port" is meant, write --host=--port (see toolgate serve --help)\n',
    ],
    [
      ['serve', '--port', '80a'],
      'toolgate serve: --port must be a whole number from 0 to 65535, not "80a" (see toolgate serve --help)\n',
    ],
    [['serve', '--port=1', '--port=2'], 'toolgate serve: --port stands twice (see toolgate serve --help)\n'],
    [['serve', '--behind-proxy=no'], 'toolgate serve: --behind-proxy takes no value (see toolgate serve --help)\n'],
    [
      ['serve', '--tls-cert', 'c.pem'],
      'toolgate serve: --tls-cert and --tls-key go together (see toolgate serve --help)\n',
    ],
    [['serve', 'now'], 'toolgate serve: "now" is too much (see toolgate serve --help)\n'],
    [
      ['wrap', '--policy', 'p.json'],
      'toolgate wrap: the server\'s command must stand after "--", such as: -- npx -y some-server; for a remote server give --url URL (see toolgate wrap --help)\n',
    ],
    [
      ['wrap', '--policy', 'p.json', 'npx', '--', 'x'],
      'toolgate wrap: the server\'s command must stand after "--", such as: -- npx -y some-server; for a remote server give --url URL (see toolgate wrap --help)\n',
    ],
    [['wrap', '--', 'npx'], 'toolgate wrap: --policy FILE is missing (see toolgate wrap --help)\n'],
    [['policy', 'check'], 'toolgate policy check: FILE is missing (see toolgate policy check --help)\n'],
    [
      ['policy', 'explain', 'a', 'b', '--tool', 'x'],
      'toolgate policy explain: one FILE only: "b" is too much (see toolgate policy explain --help)\n',
    ],
    [
      ['policy', 'explain', 'p.json'],
      'toolgate policy explain: --tool NAME is missing (or --resource, --prompt, --request) (see toolgate policy explain --help)\n',
    ],
    [
      ['policy', 'explain', 'p.json', '--tool', 'x', '--class', 'exec'],
      'toolgate policy explain: --class must be one of read, write, execute, destructive, financial, unknown, not "exec" (see toolgate policy explain --help)\n',
    ],
    [
      ['policy', 'explain', 'p.json', '--tool', 'x', '--args', '{"a":1,"a":2}'],
      'toolgate policy explain: --args is not JSON: the key "a" stands twice in one object, at character 8 (see toolgate policy explain --help)\n',
    ],
    [
      ['policy', 'explain', 'p.json', '--tool', 'x', '--args', '[]'],
      'toolgate policy explain: --args must be a JSON object, such as {"path":"/tmp"} (see toolgate policy explain --help)\n',
    ],
    [
      ['policy', 'explain', 'p.json', '--tool', 'x', '--at', 'noon'],
      'toolgate policy explain: --at must be a day (2027-01-01) or a time with its zone (2027-01-01T08:00:00Z) (see toolgate policy explain --help)\n',
    ],
    [
      ['audit', 'list', '--limit', '0'],
      'toolgate audit list: --limit must be a whole number from 1 to 1000000000, not "0" (see toolgate audit list --help)\n',
    ],
    [
      ['audit', 'list', '--json', '--jsonl'],
      'toolgate audit list: either --json or --jsonl, not both (see toolgate audit list --help)\n',
    ],
  ])('%j is a usage error of one line', async (argv, err) => {
    expect(await toolgate(argv)).toEqual({ code: 2, out: '', err, reached: [] });
  });

  test('serve and wrap hand on what was typed, made absolute, with the defaults', async () => {
    expect((await toolgate(['serve'])).reached).toEqual([
      {
        config: undefined,
        data: '/var/toolgate',
        host: '127.0.0.1',
        port: 8787,
        behindProxy: false,
        tlsCert: undefined,
        tlsKey: undefined,
        newToken: undefined,
        newPersonToken: undefined,
      },
    ]);
    const serve = await toolgate([
      'serve',
      '--config=c.yaml',
      '--data',
      'd',
      '--host',
      '::',
      '--port',
      '0',
      '--behind-proxy',
      '--new-token',
      'ci',
    ]);
    expect(serve.reached).toMatchObject([
      {
        config: '/home/alice/c.yaml',
        data: '/home/alice/d',
        host: '::',
        port: 0,
        behindProxy: true,
        newToken: 'ci',
        newPersonToken: undefined,
      },
    ]);
    const wrap = await toolgate(['wrap', '--policy', 'p.json', '--', 'npx', '-y', 'server', '--', '--help']);
    expect(wrap.reached).toEqual([
      {
        policy: '/home/alice/p.json',
        server: undefined,
        grant: 'local',
        data: '/var/toolgate',
        target: { kind: 'command', command: ['npx', '-y', 'server', '--', '--help'] },
      },
    ]);
  });

  test('wrap hands on a URL with its headers, and warns of a secret that others can read', async () => {
    const ran = await toolgate([
      'wrap',
      '--policy',
      'p.json',
      '--url',
      'http://x/mcp',
      '--header',
      'X-Api-Key: 12345678',
    ]);
    expect(ran.reached).toMatchObject([{ server: undefined, target: { kind: 'url', url: 'http://x/mcp' } }]);
    expect(ran.err).toMatch(
      /^toolgate wrap: warning: the value of --header X-Api-Key stands on the command line[^\n]*\n$/,
    );
    expect(ran.err).not.toContain('12345678');
  });
});
