import { afterEach, describe, expect, it, vi } from 'vitest';
import { passage } from '../gateway/passage.ts';
import type { ConnectionEvents, Upstream } from '../gateway/ports.ts';
import type { Message } from '../wire/message.ts';
import { notification, request } from '../wire/replies.ts';
import { type CommandOptions, commandUpstream } from './command.ts';

const open: Upstream[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((upstream) => upstream.close()));
});

/** A server whose program is this piece of JavaScript. */
function server(program: string, more: Partial<CommandOptions> = {}) {
  const log: string[] = [];
  const upstream = commandUpstream({
    command: [process.execPath, '-e', program],
    env: {},
    onLog: (line) => log.push(line),
    graceMs: 200,
    ...more,
  });
  open.push(upstream);
  return { upstream, log };
}

function recorder() {
  const received: Message[] = [];
  const failed: string[] = [];
  const noise: string[] = [];
  const closed: string[] = [];
  /** The order of it all. */
  const story: string[] = [];
  const events: ConnectionEvents = {
    received(message) {
      received.push(message);
      story.push(message.kind);
    },
    failed(id, how, reason) {
      failed.push(`${id} ${how}: ${reason}`);
      story.push('failed');
    },
    paused: () => story.push('paused'),
    noise(what) {
      noise.push(what);
      story.push('noise');
    },
    closed(reason) {
      closed.push(reason);
      story.push('closed');
    },
  };
  return { events, received, failed, noise, closed, story };
}

function ping(id: number) {
  return passage(request(id, 'ping', {}));
}

const eventually = { timeout: 10_000, interval: 5 };

/** Answers each request with its own params. */
const ECHO = `
  let text = '';
  process.stdin.setEncoding('utf8').on('data', (chunk) => {
    const lines = (text + chunk).split('\\n');
    text = lines.pop();
    for (const line of lines) {
      const { id, params } = JSON.parse(line);
      if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: params }));
    }
  });`;

describe('a server that is a command', () => {
  it('answers calls under the ids that the gateway gave them', async () => {
    const seen = recorder();
    const connection = server(ECHO).upstream.connect(seen.events, 'legacy');
    connection.send(passage(request(1, 'tools/call', { name: 'größe 😀\u2028' })));
    connection.send(passage(notification('notifications/initialized', {})));
    connection.send(passage(request(2, 'ping', { line: 'a\r\nb' })));
    await vi.waitFor(() => expect(seen.received).toHaveLength(2), eventually);
    expect(seen.received).toEqual([
      { kind: 'response', id: 1, result: { name: 'größe 😀\u2028' } },
      { kind: 'response', id: 2, result: { line: 'a\r\nb' } },
    ]);
    expect(seen.failed).toEqual([]);
  });

  it('gets one process for each connection', async () => {
    const { upstream } = server(
      `${ECHO} console.log('{"jsonrpc":"2.0","method":"pid","params":{"pid":' + process.pid + '}}')`,
    );
    const [one, two] = [recorder(), recorder()];
    upstream.connect(one.events, 'legacy');
    upstream.connect(two.events, 'legacy');
    await vi.waitFor(() => expect([...one.received, ...two.received]).toHaveLength(2), eventually);
    expect(one.received).not.toEqual(two.received);
  });

  it('carries a message of several megabytes in both directions', async () => {
    const seen = recorder();
    const connection = server(ECHO).upstream.connect(seen.events, 'legacy');
    const text = 'ä'.repeat(3_000_000);
    connection.send(passage(request(7, 'ping', { text })));
    await vi.waitFor(() => expect(seen.received).toEqual([{ kind: 'response', id: 7, result: { text } }]), eventually);
  });

  it('dies in mid-call: what it had written still arrives, then the end with its exit code', async () => {
    const seen = recorder();
    const answer = `JSON.stringify({ jsonrpc: '2.0', id: 1, result: 'x'.repeat(1_000_000) })`;
    const connection = server(
      `process.stdin.once('data', () => process.stdout.write(${answer} + '\\n', () => process.exit(3)))`,
    ).upstream.connect(seen.events, 'legacy');
    connection.send(ping(1));
    connection.send(ping(2));
    await vi.waitFor(() => expect(seen.closed).toHaveLength(1), eventually);
    expect(seen.story).toEqual(['response', 'closed']);
    expect(seen.closed[0]).toMatch(/^the server's process \(node\) ended with exit code 3$/);
    connection.send(ping(3));
    expect(seen.failed).toEqual([`3 unsent: ${seen.closed[0]}`]);
  });

  it('is killed by the system: the end names the signal', async () => {
    const seen = recorder();
    server(`process.kill(process.pid, 'SIGKILL')`).upstream.connect(seen.events, 'legacy');
    await vi.waitFor(
      () => expect(seen.closed).toEqual([`the server's process (node) was ended by SIGKILL`]),
      eventually,
    );
  });

  it('prints what is no message: it is noise, and the answers around it pass', async () => {
    const seen = recorder();
    const connection = server(
      `console.log('Server ready on \\x1b[31mport\\x1b[0m 1'); console.log(''); console.log('{"jsonrpc":"2.0","id":1,"id":1,"result":{}}');
       process.stdout.write(Buffer.from([0x22, 0xff, 0x22, 10])); console.log('y'.repeat(5000)); ${ECHO}`,
    ).upstream.connect(seen.events, 'legacy');
    connection.send(ping(1));
    await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
    expect(seen.noise).toHaveLength(4);
    expect(seen.noise[0]).toContain('Server ready on \\u001b[31mport');
    expect(seen.noise[1]).toContain('stands twice');
    expect(seen.noise[2]).toContain('not UTF-8');
    expect(seen.noise[3]?.length).toBeLessThan(400);
    expect(seen.closed).toEqual([]);
  });

  it('writes a line without end: the connection is ended before memory is', async () => {
    const seen = recorder();
    const { upstream } = server(`setInterval(() => process.stdout.write('z'.repeat(60_000)), 1)`, {
      maxLineBytes: 1_000_000,
    });
    const connection = upstream.connect(seen.events, 'legacy');
    await vi.waitFor(() => expect(seen.closed).toHaveLength(1), eventually);
    expect(seen.closed[0]).toBe('node wrote a line of more than 977 KiB, so the connection was ended');
    connection.send(ping(1));
    expect(seen.failed[0]).toContain('1 unsent: node wrote a line');
  });

  it('closes its input: calls fail as not sent or lost, the gateway lives on, and the process is ended', async () => {
    const seen = recorder();
    const connection = server(
      `require('node:fs').closeSync(0); console.log('closed'); setInterval(() => {}, 1000)`,
    ).upstream.connect(seen.events, 'legacy');
    await vi.waitFor(() => expect(seen.noise).toHaveLength(1), eventually);
    connection.send(ping(1));
    await vi.waitFor(() => expect(seen.failed).toHaveLength(1), eventually);
    connection.send(ping(2));
    expect(seen.failed).toEqual(['1 lost: the server closed its input', '2 unsent: the server closed its input']);
    await vi.waitFor(
      () => expect(seen.closed).toEqual(['node closed its input but kept running, so it was ended']),
      eventually,
    );
  });

  it('does not read: what cannot wait is refused as not sent', async () => {
    const seen = recorder();
    const connection = server(`setInterval(() => {}, 1000)`).upstream.connect(seen.events, 'legacy');
    for (let id = 1; id <= 20; id++) connection.send(passage(request(id, 'ping', { text: 'x'.repeat(1_000_000) })));
    expect(seen.failed.length).toBeGreaterThan(0);
    expect(seen.failed.length).toBeLessThan(10);
    expect(seen.failed.at(-1)).toMatch(/^20 unsent: the server does not read its input/);
  });
});

describe('a command that cannot be started', () => {
  it.each([
    [
      'a program that does not exist',
      { command: ['no-such-program-anywhere'] },
      /not found; check the command and the PATH$/,
    ],
    [
      'a file that is no program',
      { command: ['/etc/passwd'] },
      /not executable; check its permissions, and the command$/,
    ],
    ['a folder that does not exist', { cwd: '/no/such/folder' }, /folder "\/no\/such\/folder" does not exist/],
    ['an argument with a NUL', { command: ['node', 'a\0b'] }, /hold a NUL; remove it$/],
  ])('%s: the call was not sent, and the reason names the remedy', async (_, options, remedy) => {
    const seen = recorder();
    const connection = server('', options).upstream.connect(seen.events, 'legacy');
    connection.send(ping(1));
    expect(seen.closed).toEqual([]);
    await vi.waitFor(() => expect(seen.closed).toHaveLength(1), eventually);
    expect(seen.closed[0]).toMatch(remedy);
    expect(seen.failed).toEqual([`1 unsent: ${seen.closed[0]}`]);
    expect(seen.story).toEqual(['failed', 'closed']);
  });

  it('an empty command is told at once', () => {
    expect(() => commandUpstream({ command: [], env: {}, onLog: () => {} })).toThrow(
      'the command is empty: name a program',
    );
  });
});

describe('what a command sees and says', () => {
  it('does not inherit the secrets of the gateway', async () => {
    process.env['TOOLGATE_TEST_SECRET'] = 'do-not-pass-me-on';
    const seen = recorder();
    const { upstream } = server(
      `console.log(JSON.stringify({ jsonrpc: '2.0', method: 'env', params: { ...process.env } }))`,
      { env: { API_TOKEN: 'given-1234567' } },
    );
    upstream.connect(seen.events, 'legacy');
    await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
    delete process.env['TOOLGATE_TEST_SECRET'];
    const [message] = seen.received;
    const environment = message?.kind === 'notification' ? message.params : {};
    expect(environment['PATH']).toBe(process.env['PATH']);
    expect(environment['API_TOKEN']).toBe('given-1234567');
    expect(JSON.stringify(environment)).not.toContain('do-not-pass-me-on');
  });

  it('has its standard error logged in lines, without control characters and without its tokens', async () => {
    const { upstream, log } = server(
      `console.error('starting \\x1b[2Jwith ' + process.env.API_TOKEN); console.error('e'.repeat(100_000)); process.stderr.write('no line feed')`,
      { env: { API_TOKEN: 'given-1234567' } },
    );
    upstream.connect(recorder().events, 'legacy');
    await vi.waitFor(() => expect(log.at(-1)).toBe('no line feed'), eventually);
    expect(log[0]).toBe('starting \\u001b[2Jwith ••••');
    expect(log[1]?.length).toBeLessThan(5000);
    expect(log).toHaveLength(3);
  });

  it('cannot flood the log', async () => {
    const { upstream, log } = server(`for (let i = 0; i < 20_000; i++) console.error('line ' + i)`);
    const seen = recorder();
    upstream.connect(seen.events, 'legacy');
    await vi.waitFor(() => expect(seen.closed).toHaveLength(1), eventually);
    expect(log.length).toBeLessThan(1100);
  });

  it('cannot flood the log with what is no message, and one connection does not use up the lines of another', async () => {
    const { upstream } = server(`console.log('line\\n'.repeat(20_000))`);
    const [one, two] = [recorder(), recorder()];
    upstream.connect(one.events, 'legacy');
    await vi.waitFor(() => expect(one.closed).toHaveLength(1), eventually);
    expect(one.noise.length).toBeLessThan(1100);
    upstream.connect(two.events, 'legacy');
    await vi.waitFor(() => expect(two.closed).toHaveLength(1), eventually);
    expect(two.noise[0]).toContain('line');
  });
});

it('runs without a shell: what looks like one is an argument', async () => {
  const seen = recorder();
  const { upstream } = server('', {
    command: [
      process.execPath,
      '-e',
      `console.log(JSON.stringify({ jsonrpc: '2.0', method: 'argv', params: { last: process.argv.at(-1) } }))`,
      '$(id); `id` | id',
    ],
  });
  upstream.connect(seen.events, 'legacy');
  await vi.waitFor(() => expect(seen.received).toHaveLength(1), eventually);
  expect(seen.received[0]).toMatchObject({ params: { last: '$(id); `id` | id' } });
});
