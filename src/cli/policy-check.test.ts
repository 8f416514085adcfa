import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { desk } from '../../test/kit/command-line.ts';
import { listTools } from '../compose/list-tools.ts';

const { toolgate, file: policy, folder } = await desk();
const kit = (name: string): string => new URL(`../../test/kit/${name}`, import.meta.url).pathname;

const odd = await policy(
  'odd.yaml',
  'version: "1"\ndefault: deny\ntools:\n  replay_flow:\n    limits:\n      - {counter: a, window: day, max: 2.5}\n',
);
const bad = await policy(
  'bad.jsonc',
  '{"version":"1","default":"deny",\n "tols":{}, // typo\n "tools":{"x":{"action":"\\u001b[2Jalow"}}}',
);
const good = await policy('good.yaml', 'version: "1" # ours\ndefault: deny\ntools: {a: {}, "b_*": {}}\n');

describe('policy check', () => {
  test('a valid policy is ok', async () => {
    expect(await toolgate(['policy', 'check', good])).toEqual({
      code: 0,
      out: 'good.yaml: ok (2 tools, default deny)\n',
      err: '',
    });
  });

  test('all that is wrong with one is told, with places, and nothing that moves the terminal', async () => {
    const ran = await toolgate(['policy', 'check', bad]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    const lines = ran.err.split('\n');
    expect(lines).toHaveLength(3);
    expect(ran.err).toMatch(/^bad\.jsonc:2:2 \/tols unknown key "tols"/m);
    expect(ran.err).toMatch(/^bad\.jsonc:3:16 \/tools\/x\/action /m);
    expect(ran.err).not.toContain('\u001b');
  });

  test('a file that is not there is named', async () => {
    expect(await toolgate(['policy', 'check', 'none.json'])).toMatchObject({
      code: 1,
      err: 'none.json cannot be read: no such file\n',
    });
  });

  test('what is valid but odd is a warning with its place, and a problem with --strict', async () => {
    const ran = await toolgate(['policy', 'check', odd]);
    const place = 'odd.yaml:6:35 /tools/replay_flow/limits/0/max';
    expect(ran.err).toBe(`${place} warning[fractional-max]: calls are whole, so 2.5 means 2; write a whole number\n`);
    expect(ran).toMatchObject({ code: 0, out: 'odd.yaml: ok, 1 warning (1 tool, default deny)\n' });
    expect(await toolgate(['policy', 'check', odd, '--strict'])).toMatchObject({
      code: 1,
      err: ran.err,
      out: 'odd.yaml: 1 warning, which --strict refuses (1 tool, default deny)\n',
    });
    expect(await toolgate(['policy', 'check', good, '--strict'])).toMatchObject({ code: 0 });
  });

  test('several files are checked, each on its own', async () => {
    const ran = await toolgate(['policy', 'check', good, bad, odd]);
    expect(ran.code).toBe(1);
    expect(ran.out).toBe('good.yaml: ok (2 tools, default deny)\nodd.yaml: ok, 1 warning (1 tool, default deny)\n');
    expect(ran.err.match(/^bad\.jsonc:/gm)).toHaveLength(2);
  });

  test('a baseline is told what has no effect in it', async () => {
    const file = await policy('all.yaml', 'version: "1"\ndefault: allow\nlist: all\n');
    expect((await toolgate(['policy', 'check', file, '--baseline'])).err).toContain('warning[list-in-baseline]');
    expect((await toolgate(['policy', 'check', file])).err).toBe('');
  });

  test('the tools of a file tell which names are misspelt', async () => {
    const file = await policy('typo.yaml', 'version: "1"\ndefault: deny\ntools: {replay_flwo: {}}\n');
    const ran = await toolgate(['policy', 'check', file, '--tools', kit('mitmproxy.tools.json')]);
    expect(ran.err).toBe(
      'typo.yaml:3:9 /tools/replay_flwo warning[no-such-tool]: the server has no tool "replay_flwo", so this entry never speaks — did you mean "replay_flow"?\n',
    );
    expect(await toolgate(['policy', 'check', odd, '--tools', good])).toMatchObject({ code: 1, out: '' });
  });

  test('a number that cannot be read hides nothing else', async () => {
    const json = await policy(
      'big.json',
      '{"version":"1","default":"deny","tols":{},\n"tools":{"a":{"rate_limit":{"max":1e400,"window":"minut"}}}}',
    );
    const yaml = await policy(
      'big.yaml',
      'version: "1"\ndefault: deny\ntols: {}\ntools: {a: {rate_limit: {max: .inf, window: minut}}}\n',
    );
    for (const file of [json, yaml]) {
      const ran = await toolgate(['policy', 'check', file]);
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(ran.err.match(/(?<= )\/\S+/g)).toEqual(['/tols', '/tools/a/rate_limit/max', '/tools/a/rate_limit/window']);
    }
    const config = await policy('big-config.json', {
      servers: { s: { command: ['x'], timeot: 1 } },
      policies: { p: 'big.json' },
      people: 'none',
    });
    const ran = await toolgate(['policy', 'check', config]);
    expect(ran.err).toMatch(/^big-config.json:\d+:\d+ \/servers\/s\/timeot/m);
    expect(ran.err).toMatch(/^big.json:\d+:\d+ \/tools\/a\/rate_limit\/max/m);
    expect(ran.err).toMatch(/^big.json:\d+:\d+ \/tols/m);
  });

  test('and alone it is enough for the policy to be refused', async () => {
    const file = await policy(
      'huge.json',
      '{"version":"1","default":"deny","tools":{"a":{"rate_limit":{"max":1e400,"window":"minute"}}}}',
    );
    for (const command of [['check'], ['explain', '--tool', 'a']]) {
      expect(await toolgate(['policy', ...command, file])).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/^huge\.json:1:61 \/tools\/a\/rate_limit\/max the number 1e400 .*\n$/),
      });
    }
    const config = await policy('huge-config.json', {
      servers: { s: { command: ['x'] } },
      policies: { p: 'huge.json' },
    });
    expect(await toolgate(['policy', 'check', config])).toMatchObject({
      code: 1,
      err: expect.stringContaining('1e400'),
    });
  });

  test('where no configuration names the server, the option that names one is told', async () => {
    const env = { TOOLGATE_DATA: join(folder, 'nothing') };
    const ran = await toolgate(['policy', 'check', good, '--server', 'proxy'], { env });
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringMatching(/no such file; name the configuration with --config FILE\n$/),
    });
  });

  test('a command line that cannot be followed is told so', async () => {
    const code = async (...argv: string[]): Promise<number> => (await toolgate(['policy', 'check', ...argv])).code;
    expect(await code()).toBe(2);
    expect(await code(good, '--json', '--sarif')).toBe(2);
    expect(await code(good, '--config', 'toolgate.jsonc')).toBe(2);
    expect(await code(good, '--strct')).toBe(2);
  });
});

describe('policy check, of a configuration', () => {
  const servers = {
    proxy: {
      command: [process.execPath, kit('mitmproxy-stand-in.ts')],
      classes: { replay_flow: 'destructive' },
    },
    other: { command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'], timeout: 0.5 },
  };
  const version = { version: '1', default: 'deny' };
  const config = {
    servers,
    policies: {
      replay: { ...version, tools: { replay_flow: {}, inspect_flw: {} } },
      apart: 'policies/apart.yaml',
      asks: {
        ...version,
        tools: { a: { action: 'require_approval' } },
        approvals: { approvers: { owners: ['alice'] } },
      },
    },
    grants: {
      laptop: { owner: 'al', servers: { proxy: 'replay', other: 'apart' } },
      desk: { owner: 'al', servers: { other: 'asks' } },
    },
  };

  test('its problems and the warnings of its policies, each where it stands', async () => {
    await mkdir(join(folder, 'policies'), { recursive: true });
    await policy('policies/apart.yaml', 'version: "1"\ndefault: deny\nhide: [a]\n');
    const file = await policy('toolgate.json', config);
    const ran = await toolgate(['policy', 'check', file]);
    expect(ran.out).toBe('toolgate.json: ok, 2 warnings (2 servers, 3 policies, 2 grants)\n');
    expect(ran.err).toMatch(/^policies\/apart\.yaml:2:1 \/default warning\[nothing-allowed\]: /m);
    expect(ran.err).toMatch(
      /^toolgate\.json:1:\d+ \/policies\/asks\/approvals\/approvers\/owners warning\[approval-nobody\]: "alice" is not among the "people"/m,
    );
    const broken = await policy('broken.json', { ...config, grnts: {} });
    expect(await toolgate(['policy', 'check', broken])).toMatchObject({
      code: 1,
      err: expect.stringContaining('/grnts unknown key "grnts"'),
    });
  });

  test('a policy that asks what nobody can answer is warned of, where it stands', async () => {
    await mkdir(join(folder, 'policies'), { recursive: true });
    const asks = { ...version, tools: { a: { action: 'require_approval' } } };
    await policy('policies/asks.json', asks);
    const two = { ...asks, approvals: { count: 2 } };
    const lone = {
      servers: { s: servers.other },
      policies: { outside: 'policies/asks.json', two, unheld: asks },
      grants: { a: { owner: 'al', servers: { s: 'outside' } }, b: { owner: 'al', servers: { s: 'two' } } },
      people: { vera: { roles: ['viewer'] } },
    };
    const { err } = await toolgate(['policy', 'check', await policy('lone.json', lone)]);
    expect(err).toMatch(
      /^policies\/asks\.json:1:1 warning\[approval-nobody\]: nobody can answer what the policy outside asks: every such call ends unanswered, and is refused; name enough people/m,
    );
    expect(err).toMatch(/^lone\.json:1:\d+ \/policies\/two\/approvals warning\[approval-nobody\]: nobody can answer/m);
    expect(err.match(/approval-nobody/g)).toHaveLength(2);
    const people = { ann: { roles: ['admin'] }, bob: { roles: ['approver'] } };
    expect((await toolgate(['policy', 'check', await policy('lone.json', { ...lone, people })])).err).toBe('');
  });

  test('one without servers, as a wrap is given it, is known by its other keys', async () => {
    const people = { ann: { roles: ['approver'] } };
    const file = await policy('people.json', { servers: {}, people });
    expect((await toolgate(['policy', 'check', file])).out).toContain('people.json: ok (0 servers');
    const lacking = await policy('lacking.json', { people });
    expect(await toolgate(['policy', 'check', lacking])).toMatchObject({
      code: 1,
      err: expect.stringContaining('"servers" is missing'),
    });
  });

  test('the real server is asked for its tools, and the classes of the configuration count', {
    timeout: 30_000,
  }, async () => {
    const file = await policy('toolgate.json', config);
    const ask = (path: string | undefined, server: string): ReturnType<typeof listTools> =>
      listTools(path, server, { env: {} });
    const ran = await toolgate(['policy', 'check', file, '--server', 'proxy'], { listTools: ask });
    expect(ran.err).toContain(
      '/policies/replay/tools/inspect_flw warning[no-such-tool]: the server has no tool "inspect_flw"',
    );
    expect(ran.err).toContain('/policies/replay/tools/replay_flow warning[left-open]: "replay_flow" (destructive) is');
    expect(ran.err).not.toMatch(/apart.*no-such-tool/);

    const alone = await toolgate(['policy', 'check', odd, '--config', file, '--server', 'proxy'], { listTools: ask });
    expect(alone).toMatchObject({ code: 0, err: expect.stringContaining('fractional-max') });
    expect(alone.err.split('\n')).toHaveLength(2);

    const silent = await toolgate(['policy', 'check', odd, '--config', file, '--server', 'other'], { listTools: ask });
    expect(silent).toEqual({
      code: 1,
      out: '',
      err: 'toolgate policy check: the server other did not list its tools: its answer to initialize did not come: the server gave no answer within 0.5 s\n',
    });
  });

  test('a list of tools in place of the server', async () => {
    const file = await policy('toolgate.json', config);
    const tools = ['--tools', kit('mitmproxy.tools.json')];
    expect(await toolgate(['policy', 'check', file, ...tools])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--server NAME is missing: which of proxy, other has these tools?'),
    });
    const ran = await toolgate(['policy', 'check', file, '--server', 'proxy', ...tools]);
    expect(ran.err).toContain('warning[left-open]');
    expect(await toolgate(['policy', 'check', file, '--server', 'poxy', ...tools])).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean "proxy"?'),
    });
  });
});

describe('policy check, for programs', () => {
  test('one JSON object', async () => {
    const ran = await toolgate(['policy', 'check', odd, bad, '--json']);
    expect(ran).toMatchObject({ code: 1, err: '' });
    expect(ran.out).not.toContain('\u001b');
    const { files } = JSON.parse(ran.out);
    expect(files).toMatchObject([
      {
        file: 'odd.yaml',
        ok: true,
        problems: [],
        warnings: [{ line: 6, column: 35, pointer: '/tools/replay_flow/limits/0/max', code: 'fractional-max' }],
      },
      { file: 'bad.jsonc', ok: false, problems: [{ line: 2, column: 2, pointer: '/tols' }, { line: 3 }], warnings: [] },
    ]);
  });

  test('SARIF: every result names a rule that is told, and a place relative to the folder', async () => {
    const spaced = await policy('with space.yaml', 'version: "1"\ndefault: deny\nhide: [a]\n');
    const ran = await toolgate(['policy', 'check', odd, bad, spaced, 'none.json', '--sarif']);
    expect(ran).toMatchObject({ code: 1, err: '' });
    const log = JSON.parse(ran.out);
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    const [{ tool, results, columnKind }] = log.runs;
    const { rules, name, version } = tool.driver;
    expect({ name, columnKind }).toEqual({ name: 'toolgate', columnKind: 'utf16CodeUnits' });
    expect(version).toBe(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version);
    for (const rule of rules) {
      expect(rule).toEqual({
        id: expect.stringMatching(/^[a-z]+(?:-[a-z]+)*$/),
        shortDescription: { text: expect.stringMatching(/\.$/) },
        help: { text: expect.stringMatching(/\.$/) },
        defaultConfiguration: { level: expect.stringMatching(/^(?:error|warning)$/) },
      });
    }
    expect(new Set(rules.map(({ id }: { readonly id: string }) => id)).size).toBe(rules.length);
    const places = results.map((result: Result) => {
      expect(rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.message.text).not.toBe('');
      expect(result.partialFingerprints['toolgate/v1']).toMatch(/^[0-9a-f]{32}$/);
      const [{ physicalLocation }] = result.locations;
      const { startLine, startColumn } = physicalLocation.region ?? {};
      return [result.ruleId, result.level, physicalLocation.artifactLocation.uri, startLine, startColumn];
    });
    expect(places).toEqual([
      ['fractional-max', 'warning', 'odd.yaml', 6, 35],
      ['invalid', 'error', 'bad.jsonc', 2, 2],
      ['invalid', 'error', 'bad.jsonc', 3, 16],
      ['nothing-allowed', 'warning', 'with%20space.yaml', 2, 1],
      ['invalid', 'error', 'none.json', undefined, undefined],
    ]);
  });
});

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly partialFingerprints: { readonly [name: string]: string };
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region?: { readonly startLine: number; readonly startColumn: number };
      };
    },
  ];
}
