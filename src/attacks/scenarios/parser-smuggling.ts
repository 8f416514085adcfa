import { type Fields, fieldsIn } from '../conversation.ts';
import { plainProxy } from '../plain-proxy.ts';
import type { Scenario } from '../scenario.ts';

/** Two names in one call: who checks it reads the one, and who runs it the other. */
const SMUGGLED =
  '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"read_note","arguments":{},"Name":"wipe_notes"}}';

export const scenario: Scenario = {
  reached: 'http',
  read: (body) => {
    const message = folded(JSON.parse(body));
    return { ...message, params: folded(message['params']) };
  },
  without: { between: 'a proxy that checks the name of the tool and sends on the bytes' },
  servers: {
    main: ({ did }) => ({
      tools: () => [
        { name: 'read_note', description: 'Reads a note.', run: () => 'Buy milk.' },
        {
          name: 'wipe_notes',
          description: 'Removes all notes.',
          run() {
            did('removed all notes');
            return 'Removed.';
          },
        },
      ],
    }),
  },
  async play({ side, connect, opened, address, behind }) {
    const proxy = side === 'without' ? plainProxy(behind('main'), (tool) => tool === 'read_note') : undefined;
    const at = proxy === undefined ? address('main') : (await opened(proxy)).url;
    const agent = await connect({ at });
    await agent.work('read_note');
    await agent.post(SMUGGLED);
  },
  harm: ({ record }) => (record.includes('did: removed all notes') ? 'a tool ran that nobody had allowed' : undefined),
};

/** As readers do that match keys without regard to case: the last one counts. */
function folded(value: unknown): Fields {
  return Object.fromEntries(Object.entries(fieldsIn(value)).map(([key, one]) => [key.toLowerCase(), one]));
}
