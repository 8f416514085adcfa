import { describe, expect, it } from 'vitest';
import { question } from '../../../test/kit/fake-desk.ts';
import type { Approval } from './approval.ts';
import { askingText, fitsDialog } from './asking-text.ts';

function asked(params: object): Approval {
  return question('ap_1', {}, { name: 'write', params: JSON.stringify({ name: 'write', ...params }) });
}

describe('the dialog that asks', () => {
  it('shows what is sent on its second line', () => {
    expect(askingText(asked({ arguments: { path: '/tmp/\u200ba', list: [1] } })).split('\n')).toEqual([
      'The agent agent-1 wants to call the tool write on mail with',
      '{ "path": "/tmp/\\u{200b}a", "list": [1] }',
      'Mail that leaves the company is looked at by a person.',
    ]);
  });

  it('shows what stands beside the arguments too', () => {
    const approval = asked({ arguments: { path: '/tmp/a' }, options: { recursive: true } });
    expect(askingText(approval).split('\n')[1]).toBe(
      '{ "path": "/tmp/a" } and beside the arguments { "options": { "recursive": true } }',
    );
  });

  it('is no form where it would not show all of it', () => {
    const fits = (params: object) => [fitsDialog(asked(params), 'claude-code'), fitsDialog(asked(params), 'other')];
    expect(fits({ arguments: { path: '/tmp/a' } })).toEqual([true, true]);
    expect(fits({ arguments: { path: 'x'.repeat(100) } })).toEqual([false, true]);
    expect(fits({ arguments: { path: '/tmp/a' }, options: 'x'.repeat(100) })).toEqual([false, true]);
    expect(fits({ arguments: { path: 'x'.repeat(3_980) } })).toEqual([false, true]);
    expect(fits({ arguments: { path: 'x'.repeat(4_000) } })).toEqual([false, false]);
    expect(fits({ arguments: { path: 'x' }, options: 'x'.repeat(4_000) })).toEqual([false, false]);
    expect(fits({ arguments: { path: '\u202e'.repeat(600) } })).toEqual([false, false]);
    expect(fits({ arguments: { path: 'x'.repeat(262_000) } })).toEqual([false, false]);
  });

  it('shows the beginning of what is too long, and says how much there is', () => {
    for (const length of [4_100, 20_000, 262_000]) {
      const approval = asked({ arguments: { path: '\u202e'.repeat(length) } });
      const [, line = ''] = askingText(approval).split('\n');
      expect(line).toMatch(
        /^\{"name":"write","arguments":\{"path":"(?:\\u\{202e\})+… \(\d+ characters, all of them on the page\)$/,
      );
      expect(line.length).toBeLessThan(3_000);
    }
  });

  it('reads nothing of what is too long', () => {
    const approval = question('ap_1', {}, { params: `{"arguments":{"a":${'['.repeat(50_000)}` });
    expect(fitsDialog(approval, undefined)).toBe(false);
    expect(askingText(approval)).toContain('characters, all of them on the page');
  });
});
