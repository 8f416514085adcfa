import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadToolsFile } from './tools-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'toolgate-tools-'));

function file(value: unknown): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

describe('a file with the tools of a server', () => {
  const tool = { name: 'echo', description: 'Says it again.', inputSchema: { type: 'object' } };

  it.each([[[tool]], [{ tools: [tool] }], [{ jsonrpc: '2.0', id: 1, result: { tools: [tool] } }]])(
    'is what a server answers, or the array alone: %j',
    async (value) => {
      const loaded = await loadToolsFile(file(value));
      expect(loaded).toMatchObject({ kind: 'tools', tools: [{ name: 'echo', description: 'Says it again.' }] });
    },
  );

  it.each([
    [{ tool: [] }, 1, 'must be what a server answers to tools/list: {"tools": […]}, or the array alone'],
    [[{ title: 'x' }], 1, 'a tool has a "name"'],
    [{ tools: [tool, tool] }, 1, 'the tool "echo" is listed twice'],
  ])('that is none says so: %j', async (value, line, message) => {
    const loaded = await loadToolsFile(file(value));
    expect(loaded).toMatchObject({ kind: 'problems', problems: [{ line, message }] });
  });
});
