import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Asked, RemoteRig } from '../../test/kit/remote-rig.ts';
import { passage } from '../gateway/passage.ts';
import { request, result } from '../wire/replies.ts';

const rig = new RemoteRig();
afterEach(() => rig.end());

const eventually = { timeout: 10_000, interval: 5 };
/** As the gateway answers a `ping`. */
const pong = (id: number) => passage(result(id, {}));

describe('a server that asks without end and takes no answer', () => {
  it('uses up a bounded number of sockets; the log says what was left unsent, and a request still reaches it', async () => {
    const held: Asked[] = [];
    const { connection, asked, seen, noise } = await rig.meet('legacy', (one) => void held.push(one));
    for (let id = 0; id < 1_000; id++) connection.send(pong(id));
    await vi.waitFor(() => expect(asked).toHaveLength(256), eventually);
    expect(noise.join('\n')).toContain('256 messages wait for the server to take them');
    connection.send(passage(request(1, 'initialize', {})));
    await vi.waitFor(() => expect(asked.map(({ what }) => what)).toContain('POST initialize'), eventually);
    expect(seen.sockets).toBeLessThanOrEqual(257);
    for (const { response } of held) response.writeHead(202).end();
    await vi.waitFor(() => {
      connection.send(pong(2_000));
      expect(asked.length).toBeGreaterThan(257);
    }, eventually);
  });
});
