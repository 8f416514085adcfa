import { beforeAll, describe, expect, it } from 'vitest';
import { type Desk, desk } from '../../test/kit/command-line.ts';

let files: Desk;
beforeAll(async () => {
  files = await desk();
});

describe('toolgate catalogue search', () => {
  it('puts the exact name first, then words of names, then what is said', async () => {
    const { code, out } = await files.toolgate(['catalogue', 'search', 'replay_flow']);
    expect(code).toBe(0);
    expect(out.split('\n')[1]).toMatch(/^mitmproxy +replay_flow +execute +high /);
    const { out: more } = await files.toolgate(['catalogue', 'search', 'delete', 'file', '--json']);
    expect(JSON.parse(more).tools[0]).toMatchObject({ tool: 'delete_file', class: 'destructive' });
    const { out: servers } = await files.toolgate(['catalogue', 'search', 'mitmproxy', '--json']);
    expect(JSON.parse(servers).servers).toEqual([{ server: 'mitmproxy', title: 'Mitmproxy', tools: 25 }]);
  });

  it('finds by class, severity, signal and server', async () => {
    const argv = ['--class', 'financial', '--severity', 'critical', '--server', 'alpaca-trading', '--json'];
    const { out } = await files.toolgate(['catalogue', 'search', ...argv]);
    const { tools } = JSON.parse(out);
    expect(tools.length).toBeGreaterThan(0);
    for (const tool of tools) {
      expect(tool).toMatchObject({ server: 'alpaca-trading', class: 'financial', severity: 'critical' });
    }
    const sql = await files.toolgate(['catalogue', 'search', '--signal', 'sql', '--json']);
    expect(JSON.parse(sql.out).tools).toContainEqual(
      expect.objectContaining({ server: 'supabase', tool: 'execute_sql' }),
    );
  });

  it.each([
    [['get_fileinfo'], 'nothing is known of "get_fileinfo"; near it are get_file_info'],
    [['zzzqqq'], 'toolgate catalogue list prints all servers'],
  ])('%j: says that there is nothing, and what is near', async (words, said) => {
    const ran = await files.toolgate(['catalogue', 'search', ...words]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain(said);
  });

  it.each([
    [['--signal', 'pth'], 'there is no signal "pth" — did you mean "path"?'],
    [['--class', 'reed'], 'there is no class "reed" — did you mean "read"?'],
    [['--server', 'mitmproxi'], 'did you mean "mitmproxy"?'],
    [[], 'nothing to look for'],
  ])('%j is a mistake that is explained', async (argv, said) => {
    const ran = await files.toolgate(['catalogue', 'search', ...argv]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(said);
  });
});

describe('toolgate catalogue show', () => {
  it('prints the page of a server, and of a tool', async () => {
    const server = await files.toolgate(['catalogue', 'show', 'mitmproxy']);
    expect(server).toMatchObject({ code: 0, err: '' });
    expect(server.out).toMatch(/^Mitmproxy\n=+\n/);
    expect(server.out).toContain('"default": "deny"');
    const tool = await files.toolgate(['catalogue', 'show', 'mitmproxy', 'replay_flow']);
    expect(tool.out).toContain('Class execute, severity high.');
    expect(tool.out).toContain('May an agent call it unattended?');
    // Only one server has a tool of that name.
    expect((await files.toolgate(['catalogue', 'show', 'replay_flow'])).out).toBe(tool.out);
  });

  it('gives the same as data', async () => {
    const { out } = await files.toolgate(['catalogue', 'show', 'mitmproxy', 'replay_flow', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      tool: 'replay_flow',
      class: 'execute',
      by: 'catalogue',
      page: { title: [{ text: 'replay_flow' }, ' · ', 'Mitmproxy'] },
    });
  });

  it.each([
    [['mitmproxi'], 'did you mean "mitmproxy"?'],
    [['mitmproxy', 'replay_flo'], 'did you mean "replay_flow"?'],
    [['create_refund'], 'servers have a tool "create_refund": '],
    [['kubernetes'], 'there are kubernetes-containers, kubernetes-flux159'],
  ])('%j: says what can have been meant', async (names, said) => {
    const ran = await files.toolgate(['catalogue', 'show', ...names]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain(said);
  });
});

it('toolgate catalogue list prints every server with its tools by class', async () => {
  const { out } = await files.toolgate(['catalogue', 'list']);
  expect(out).toMatch(/^mitmproxy +25 +\d+ /m);
  expect(out.trimEnd().split('\n').length).toBeGreaterThan(92);
});
