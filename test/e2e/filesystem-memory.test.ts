import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, describe, expect, test } from 'vitest';
import { textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { filesystem, MEMORY } from './servers.ts';
import { FRONTS, type OpenSite } from './site.ts';

const kit = started();
afterEach(() => kit.endAll());

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-files-')));
  kit.add({ stop: async () => rmSync(path, { recursive: true, force: true }) });
  return path;
}

describe.each(FRONTS)('server-filesystem, %s', (_name, openSite: OpenSite) => {
  test('files are written below one folder only; a refused write leaves nothing', async () => {
    const files = folder();
    await mkdir(join(files, 'drafts'));
    writeFileSync(join(files, 'ledger.txt'), 'as it was');
    const policy = {
      version: '1',
      default: 'deny',
      tools: {
        'read_*': {},
        write_file: {
          require: [
            {
              conditions: [{ path: 'args.path', op: 'regex', value: `^${files}/drafts/[^/]+$` }],
              on_deny: 'Only drafts may be written.',
            },
          ],
          deny_if: [{ conditions: [{ path: 'args.path', op: 'contains', value: '..' }], on_deny: 'No way up.' }],
        },
      },
    };
    const site = kit.add(await openSite({ server: 'files', command: filesystem(files), policy }));
    const client = await site.sdk();
    const write = async (path: string): Promise<string> =>
      textOf(await client.callTool({ name: 'write_file', arguments: { path, content: 'new' } }));

    expect(await write(join(files, 'drafts', 'letter.txt'))).toContain('Successfully wrote');
    expect(readFileSync(join(files, 'drafts', 'letter.txt'), 'utf8')).toBe('new');

    expect(await write(join(files, 'ledger.txt'))).toBe('[POLICY DENIED] Only drafts may be written.');
    expect(await write(`${files}/drafts/../ledger.txt`)).toBe('[POLICY DENIED] No way up.');
    expect(await write(`${files}/other.txt`)).toContain('[POLICY DENIED]');
    // An array spells a path to nobody: it cannot be judged, so it is refused.
    const odd = await client.callTool({
      name: 'write_file',
      arguments: { path: [`${files}/drafts/x`], content: 'new' },
    });
    expect(textOf(odd)).toContain('[POLICY DENIED]');
    const moved = await client.callTool({
      name: 'move_file',
      arguments: { source: `${files}/ledger.txt`, destination: `${files}/drafts/ledger.txt` },
    });
    expect(textOf(moved)).toContain('[POLICY DENIED]');

    const read = await client.callTool({ name: 'read_text_file', arguments: { path: join(files, 'ledger.txt') } });
    expect(textOf(read)).toBe('as it was');
    expect(existsSync(join(files, 'other.txt'))).toBe(false);
    expect(existsSync(join(files, 'drafts', 'ledger.txt'))).toBe(false);
    expect(site.called()).toEqual(['write_file', 'read_text_file']);
    const listed = (await client.listTools()).tools.map(({ name }) => name);
    expect(listed.sort()).toEqual([
      'read_file',
      'read_media_file',
      'read_multiple_files',
      'read_text_file',
      'write_file',
    ]);
  });
});

describe.each(FRONTS)('server-memory, %s', (_name, openSite: OpenSite) => {
  test('what was remembered stays remembered', async () => {
    const file = join(folder(), 'memory.jsonl');
    const policy = {
      version: '1',
      default: 'deny',
      hide: ['delete_entities'],
      tools: {
        create_entities: {},
        read_graph: {},
        'delete_*': { action: 'deny', reason: 'Nothing is forgotten here.' },
      },
    };
    const env = { MEMORY_FILE_PATH: file };
    const site = kit.add(await openSite({ server: 'memory', command: MEMORY, policy, env }));
    const client: Client = await site.sdk();
    const ada = { name: 'Ada', entityType: 'person', observations: ['wrote the first program'] };
    await client.callTool({ name: 'create_entities', arguments: { entities: [ada] } });
    expect(readFileSync(file, 'utf8')).toContain('Ada');

    const hidden = client.callTool({ name: 'delete_entities', arguments: { entityNames: ['Ada'] } });
    await expect(hidden).rejects.toThrow('Unknown tool: delete_entities');
    const deletions = [{ entityName: 'Ada', observations: ['wrote the first program'] }];
    const refused = await client.callTool({ name: 'delete_observations', arguments: { deletions } });
    expect(textOf(refused)).toBe('[POLICY DENIED] Nothing is forgotten here.');

    expect(textOf(await client.callTool({ name: 'read_graph', arguments: {} }))).toContain('wrote the first program');
    expect(site.called()).toEqual(['create_entities', 'read_graph']);
    const listed = (await client.listTools()).tools.map(({ name }) => name);
    expect(listed.sort()).toEqual(['create_entities', 'read_graph']);
  });
});
