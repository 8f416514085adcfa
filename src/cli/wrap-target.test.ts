import { describe, expect, test } from 'vitest';
import { readOptions } from './options.ts';
import { type ReadTarget, readWrapTarget } from './wrap-target.ts';

const env = { TOKEN: 'a-secret-token', HOST: 'mcp.example.com', BROKEN: 'a-secret\nwith a break', EMPTY: '' };
const KINDS = { url: 'text', header: 'texts' } as const;

function read(...args: readonly string[]): ReadTarget {
  return readWrapTarget(readOptions(args, KINDS), env);
}

function headersOf({ target }: ReadTarget): Readonly<Record<string, string>> {
  if (target.kind !== 'url') throw new Error('no URL');
  return Object.fromEntries([...target.headers].map(([name, value]) => [name, value.reveal()]));
}

/** What the user is told; it never holds a value that came from the environment or stands behind a colon. */
function fault(...args: readonly string[]): string {
  try {
    read(...args);
  } catch (thrown) {
    expect(String(thrown)).not.toContain('a-secret');
    return String(thrown).replace('UsageFault: ', '');
  }
  return '';
}

test('a command stands after the dashes, as ever', () => {
  expect(read('--', 'npx', '--url', 'x')).toEqual({
    target: { kind: 'command', command: ['npx', '--url', 'x'] },
    warnings: [],
  });
});

test('a URL with headers is a remote server; variables come from the environment', () => {
  const given = read(
    '--url',
    `https://\${HOST}/mcp?key=\${TOKEN}`,
    '--header',
    `Authorization: Bearer \${TOKEN}`,
    '--header=X-Team:blue',
    '--header',
    'X-Empty:',
  );
  expect(given).toMatchObject({
    target: { kind: 'url', url: 'https://mcp.example.com/mcp?key=a-secret-token' },
    warnings: [],
  });
  expect(headersOf(given)).toEqual({ Authorization: 'Bearer a-secret-token', 'X-Team': 'blue', 'X-Empty': '' });
  expect(JSON.stringify([...(given.target.kind === 'url' ? given.target.headers : [])])).not.toContain('a-secret');
});

describe('exactly one server', () => {
  test.each([
    [[], 'the server\'s command must stand after "--"'],
    [['--'], 'the server\'s command must stand after "--"'],
    [['--', ''], 'the server\'s command must stand after "--"'],
    [['--url', 'http://x/', '--', 'npx'], 'either --url or a command after "--", not both'],
    [['--url', 'http://x/', '--'], 'either --url or a command after "--", not both'],
    [['--url', 'http://x/', 'npx'], 'either --url or a command after "--", not both'],
    [['--header', 'A: b', '--', 'npx'], '--header goes only with --url'],
    [['--url', 'http://x/', '--url', 'http://y/'], '--url stands twice'],
  ])('%j', (args, told) => {
    expect(fault(...args)).toContain(told);
  });
});

describe('what cannot be an address or a header is told with the remedy', () => {
  test.each([
    [['--url', 'example.com/mcp'], '--url must be an absolute http or https URL'],
    [['--url', 'ws://example.com/mcp'], '--url must be an absolute http or https URL'],
    [['--url', 'https://user:a-secret@x/'], '--url must not hold a user name or password; put them into --header'],
    [['--url', 'https://x/#a-secret'], '--url must not hold a fragment, which is never sent'],
    [['--url', `https://\${NOBODY}/`], '--url: the environment variable NOBODY is not set'],
    [['--url', `https://\${EMPTY}/`], '--url must be an absolute http or https URL'],
    [['--header', 'Bearer a-secret'], "--header must be a name and a value, such as 'Authorization: Bearer"],
    [['--header', ': a-secret'], '--header: "" is no name for a header'],
    [['--header', 'A b: a-secret'], '--header: "A b" is no name for a header'],
    [['--header', 'Host: x'], '--header: "Host" is a header that the gateway sets itself; leave it out'],
    [['--header', 'Mcp-Param-Region: x'], '--header: "Mcp-Param-Region" is a header that the gateway sets itself'],
    [['--header', 'A: 1', '--header', 'a: 2'], '--header: "a" stands twice: case makes no difference'],
    [['--header', `A: \${NOBODY}`], '--header A: the environment variable NOBODY is not set'],
    [['--header', `A: \${BROKEN}`], '--header A: the value holds a character that no header can carry'],
    [['--header', 'A: a-secret é'], '--header A: the value holds a character that no header can carry'],
  ])('%j', (args, told) => {
    const whole = args[0] === '--url' ? args : ['--url', 'https://x/', ...args];
    expect(fault(...whole)).toContain(told);
  });
});

describe('a secret on the command line is warned of, without being repeated', () => {
  const warningsOf = (...args: readonly string[]): readonly string[] => read('--url', ...args).warnings;

  test.each([
    [['https://x/', '--header', 'Authorization: a-secret'], 'the value of --header Authorization'],
    [['https://x/', '--header', 'X-Api-Key: a-secret'], 'the value of --header X-Api-Key'],
    [['https://x/', '--header', 'X-Other: Bearer a-secret'], 'the value of --header X-Other'],
    [['https://x/?api_key=a-secret'], 'the parameter api_key of --url'],
    [['https://x/?key=a-secret'], 'the parameter key of --url'],
  ])('%j', (args, told) => {
    const warnings = warningsOf(...args);
    expect(warnings).toEqual([expect.stringMatching(/stands on the command line.*write '\$\{NAME\}'/)]);
    expect(warnings[0]).toContain(told);
    expect(warnings.join()).not.toContain('a-secret');
  });

  test('nothing is said of what is no secret, or comes from the environment', () => {
    const quiet = ['--header', 'X-Team: blue', '--header', `Authorization: Bearer \${TOKEN}`];
    expect(warningsOf(`https://\${HOST}/?team=blue&key=\${TOKEN}`, ...quiet)).toEqual([]);
  });
});
