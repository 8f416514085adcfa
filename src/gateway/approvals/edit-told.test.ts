import { describe, expect, it } from 'vitest';
import { question } from '../../../test/kit/fake-desk.ts';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { withEditTold } from './edit-told.ts';

function told(before: Json, after: Json): { readonly text: string; readonly note: JsonObject } {
  const edit = { by: 'ann', params: JSON.stringify({ name: 'send_email', arguments: after }) };
  const reply = objectOf([['result', objectOf([['content', []]])]]);
  const result = withEditTold(reply, { ...question('ap_1', before), edit })?.['result'];
  const { content, _meta } = isObject(result) ? result : objectOf([]);
  const note = isObject(_meta) ? _meta['toolgate/approval'] : undefined;
  const [first] = Array.isArray(content) ? content : [];
  return { text: String(isObject(first) ? first['text'] : ''), note: isObject(note) ? note : objectOf([]) };
}

describe('an agent whose arguments were changed', () => {
  it('is told every change', () => {
    const { text, note } = told({ to: 'a', n: 1 }, { to: 'b', m: 2 });
    expect(text).toBe(
      '[APPROVED WITH CHANGES] ann changed the arguments before the call was sent: /n: 1 → (absent); /to: "a" → "b"; /m: (absent) → 2',
    );
    expect(note).toEqual({
      id: 'ap_1',
      editedBy: 'ann',
      changes: [
        { pointer: '/n', before: 1 },
        { pointer: '/to', before: 'a', after: 'b' },
        { pointer: '/m', after: 2 },
      ],
    });
  });

  it('sees a change far behind in a long text', () => {
    const script = 'echo step\n'.repeat(60);
    const { text, note } = told({ text: `${script}ls -la ~` }, { text: `${script}rm -rf ~` });
    expect(text).toMatch(/ls -la ~" → …".*rm -rf ~"/);
    expect(note['changes']).toEqual([{ pointer: '/text', before: `${script}ls -la ~`, after: `${script}rm -rf ~` }]);
  });

  it.each([
    ['very many', 'a'],
    ['many below a long key', 'k'.repeat(100_000)],
  ])('is told what was sent where the changes are %s', (_, key) => {
    const numbers = (first: number) => Array.from({ length: 60_000 }, (_, at) => (at + first) % 10);
    const after = { [key]: numbers(1) };
    const { text, note } = told({ [key]: numbers(0) }, after);
    expect(note).toEqual({ id: 'ap_1', editedBy: 'ann', arguments: after });
    expect(text).toMatch(/; and \d{5} more$/);
    expect(text.length).toBeLessThan(70_000);
  });
});
