import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_PARSERS } from '../../policy/sql/parsers.ts';
import { objectOf } from '../../wire/json.ts';
import type { Attack } from '../attack.ts';
import type { KnownServer, KnownTool } from '../known-server.ts';
import { markdownFiles } from './markdown-files.ts';
import { toolFiles } from './page-file.ts';
import { shelfOf } from './shelf.ts';
import { toolPage } from './tool-page.ts';
import { writePlain } from './write-plain.ts';

const HOSTILE =
  'a | b\n\n</td><script>alert(1)</script> ![x](http://evil.example/p.png) [click](javascript:alert(1)) `` ``` \n# Heading\n- item\n' +
  '<img src=x onerror=y> **bold** https://evil.example www.evil.example eve@evil.example \u202egnirts\u0007 &lt;b&gt; $$x$$';

function tool(name: string, text: string, more: Partial<KnownTool> = {}): KnownTool {
  const properties = objectOf([
    [
      text,
      objectOf([
        ['type', 'string'],
        ['enum', [text, 'b']],
        ['default', text],
      ]),
    ],
  ]);
  return {
    name,
    class: 'read',
    severity: 'low',
    reason: text,
    definition: () =>
      objectOf([
        ['name', name],
        ['description', text],
        [
          'inputSchema',
          objectOf([
            ['type', 'object'],
            ['properties', properties],
          ]),
        ],
      ]),
    rules: undefined,
    listing: undefined,
    examples: undefined,
    ...more,
  };
}

function server(name: string, text: string, tools: readonly KnownTool[]): KnownServer {
  return {
    name,
    title: text,
    source: text,
    origin: text,
    version: text,
    license: text,
    checked: 'labels',
    notes: [text],
    results: undefined,
    tools: new Map(tools.map((one) => [one.name, one])),
  };
}

function filesOf(servers: readonly KnownServer[], attacks: readonly Attack[] = []): ReadonlyMap<string, string> {
  return new Map(markdownFiles(shelfOf(servers, new Map([['npm:@scope/one', 'one']]), attacks, NO_PARSERS)));
}

/** What is left of Markdown once what is only shown is gone: fenced blocks, code spans, escaped characters. */
function markupOf(markdown: string): string {
  return markdown
    .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
    .replace(/\\[!-/:-@[-`{-~]/g, '')
    .replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '');
}

describe('a hostile server', () => {
  const pages = filesOf([
    server('one', HOSTILE, [tool(HOSTILE, HOSTILE), tool('plain', HOSTILE)]),
    server('two', 'Two', [tool('plain', 'Reads.')]),
  ]);

  it.each([...pages])('has its texts shown on %s, and none of them obeyed', (_, markdown) => {
    const markup = markupOf(markdown);
    expect(markup).not.toMatch(/<[a-z/!]/i);
    expect(markup).not.toContain('![');
    // Every link is one of ours.
    for (const [, target] of markup.matchAll(/\]\(([^)]*)\)/g)) expect(target).toMatch(/^[\w./~%-]+\.md$/);
    expect(markup).not.toMatch(/https?:\/\/|www\.|\w@\w/);
    expect(markup).not.toMatch(/^# Heading|^- item/m);
    for (const unseen of ['\u202e', '\u0007']) expect(markdown).not.toContain(unseen);
  });

  it.each([...pages])('breaks out of no table on %s', (_, markdown) => {
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    for (const [index, row] of rows.entries()) {
      const head = rows.slice(0, index + 1).findLast((_one, at) => rows[at + 1]?.startsWith('|---') === true) ?? row;
      expect(row.split('|').length, row).toBe(head.split('|').length);
    }
  });

  it('does nothing to a terminal', () => {
    const one = server('one', HOSTILE, [tool('plain', HOSTILE)]);
    const shelf = shelfOf([one], new Map(), [], NO_PARSERS);
    const text = writePlain(toolPage(shelf, one, tool('plain', HOSTILE)));
    expect(text).toContain('\\u{202e}');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

it('a text that begins like a list, a heading or a rule is none', () => {
  const begin = (text: string): string =>
    filesOf([server('one', text, [tool('plain', text)])]).get('one/README.md') ?? '';
  expect(begin('1. First')).toContain('# 1\\. First');
  expect(begin(' - item')).toContain('-  \\- item');
  expect(begin('=== x')).toContain('- \\=== x');
});

describe('files of pages', () => {
  it('are named for their tools, and never differ only in case', () => {
    const names = ['list', 'List', 'a/b', 'a.b', '../../etc/passwd', 'CON', 'readme', '', 'ÄÖ', 'x'.repeat(300)];
    const files = toolFiles(
      server(
        'one',
        'One',
        names.map((name) => tool(name, 'x')),
      ),
    );
    expect(files.get('a/b')).toMatch(/^a-b~[0-9a-f]{8}\.md$/);
    expect(new Set([...files.values()].map((file) => file.toLowerCase())).size).toBe(names.length);
    for (const file of files.values()) expect(file).toMatch(/^[\w~-]{1,90}\.md$/);
    expect([...toolFiles(server('one', 'One', [tool('list_items', 'x')])).values()]).toEqual(['list_items.md']);
  });

  it('are distinct and safe for any names', () => {
    const names = fc.uniqueArray(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', 'A', '/', '.', '-') })));
    fc.assert(
      fc.property(names, (some) => {
        const files = [
          ...toolFiles(
            server(
              'one',
              'One',
              some.map((name) => tool(name, 'x')),
            ),
          ).values(),
        ];
        expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(some.length);
        for (const file of files) expect(file).toMatch(/^[\w~-]+\.md$/);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe('what a page says', () => {
  const attack: Attack = {
    name: 'exfiltration',
    title: 'Exfiltration',
    severity: 'high',
    how: 'It reads here. Then it sends there.',
    case: { what: 'Seen.', reference: 'A paper', url: 'https://example.com/', seen: 'literature' },
    abuses: { classes: [], signals: [], tools: ['one/read_file'] },
    stops: { says: 'Nothing is sent.', policy: undefined, server: undefined, by: '(default deny)' },
    limits: 'None.',
    besides: [],
  };
  const definition = objectOf([
    ['name', 'delete_file'],
    ['description', 'Deletes a file.'],
    [
      'inputSchema',
      objectOf([
        ['type', 'object'],
        ['properties', objectOf([['path', objectOf([['type', 'string']])]])],
      ]),
    ],
  ]);
  const destructive = tool('delete_file', 'Deletes it.', {
    class: 'destructive',
    severity: 'high',
    definition: () => definition,
  });
  const pages = filesOf(
    [
      server('one', 'One', [tool('read_file', 'Reads.'), destructive]),
      server('two', 'Two', [tool('read_files', 'Reads.')]),
    ],
    [attack],
  );

  it('an attack is told where it names the tool', () => {
    expect(pages.get('one/read_file.md')).toContain(
      'Exfiltration. It reads here. Then it sends there. `toolgate attacks run exfiltration`',
    );
    expect(pages.get('two/read_files.md')).not.toContain('Exfiltration');
    expect(pages.get('one/README.md')).toContain('`toolgate attacks run exfiltration`');
  });

  it('questions are answered from the rule that is recommended', () => {
    const page = pages.get('one/delete_file.md') ?? '';
    expect(page).toContain('**May an agent call it unattended?** No.');
    expect(page).toContain('"action": "hide"');
    expect(page).toContain('To have a person asked instead of hiding it:');
    expect(page).not.toContain('How do I hide it?');
    expect(pages.get('one/read_file.md')).toContain('**May an agent call it unattended?** Yes.');
  });

  it('tools that are called alike are linked, those of other servers only', () => {
    expect(pages.get('one/read_file.md')).toContain('(../two/read_files.md)');
    expect(pages.get('one/read_file.md')).not.toContain('(delete_file.md)');
  });

  it('a known package is told how to be put behind the gate', () => {
    expect(pages.get('one/README.md')).toContain('toolgate scan --write policy.json -- npx -y @scope/one');
    expect(pages.get('two/README.md')).toContain('toolgate wrap --policy policy.json --server two -- COMMAND');
  });
});
