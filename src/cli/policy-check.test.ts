import { describe, expect, test } from 'vitest';
import { desk } from '../../test/kit/command-line.ts';

const { toolgate, file: policy } = await desk();

describe('policy check', () => {
  test('a valid policy is ok', async () => {
    const file = await policy('good.yaml', 'version: "1" # ours\ndefault: deny\ntools: {a: {}, "b_*": {}}\n');
    expect(await toolgate(['policy', 'check', file])).toEqual({
      code: 0,
      out: 'good.yaml: ok (2 tools, default deny)\n',
      err: '',
    });
  });

  test('all that is wrong with one is told, with places, and nothing that moves the terminal', async () => {
    const file = await policy(
      'bad.jsonc',
      '{"version":"1","default":"deny",\n "tols":{}, // typo\n "tools":{"x":{"action":"\\u001b[2Jalow"}}}',
    );
    const ran = await toolgate(['policy', 'check', file]);
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
});
