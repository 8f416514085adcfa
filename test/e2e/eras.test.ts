import { Client as NextClient, type VersionNegotiationMode } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type Obj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { everything, openPlace, type Place, program, WAYS } from './place.ts';

const OPEN: Obj = { version: '1', default: 'allow', tools: {} };
const WHO = { name: 'eras', version: '1.0.0' };

const kit = started();
afterEach(() => kit.endAll());

/** Which eras a server speaks, by the server. */
const SERVERS = {
  'the older era only': everything,
  'the newer era only': program('./asking-server.ts', 'modern'),
  'both eras': program('./asking-server.ts', 'both'),
} as const;

type Spoken = keyof typeof SERVERS;

/** What a client says of the connection, and what a call answers; a text says how it failed. */
interface Met {
  readonly era: unknown;
  readonly revision: unknown;
  readonly echoed: string;
}

async function meetOld(place: Place): Promise<Met | string> {
  const client = new Client(WHO, { capabilities: {} });
  kit.add({ stop: () => client.close() });
  const transport = place.oldTransport();
  let revision: unknown;
  transport.setProtocolVersion = after(transport.setProtocolVersion?.bind(transport), (version) => {
    revision = version;
  });
  try {
    await client.connect(transport);
    const echoed = textOf(await client.callTool({ name: 'echo', arguments: { text: 'hi', message: 'hi' } }));
    return { era: 'legacy', revision, echoed };
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

function after(first: ((version: string) => void) | undefined, then: (version: string) => void) {
  return (version: string): void => {
    first?.(version);
    then(version);
  };
}

async function meet(place: Place, mode: VersionNegotiationMode): Promise<Met | string> {
  const client = new NextClient(WHO, { versionNegotiation: { mode } });
  kit.add({ stop: () => client.close() });
  try {
    await client.connect(place.transport());
    const echoed = textOf(await client.callTool({ name: 'echo', arguments: { text: 'hi', message: 'hi' } }));
    return { era: client.getProtocolEra(), revision: client.getNegotiatedProtocolVersion(), echoed };
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

const CLIENTS = {
  'a client of the older SDK': meetOld,
  'a client that takes either era': (place: Place) => meet(place, 'auto'),
  'a client of the newer era only': (place: Place) => meet(place, { pin: '2026-07-28' }),
  'a client of the older era only': (place: Place) => meet(place, 'legacy'),
} as const;

const NEWER = { era: 'modern', revision: '2026-07-28' };
const OLDER = { era: 'legacy', revision: '2025-11-25' };

/** What each meets: an era, or an error in words. */
const EXPECTED: Readonly<Record<keyof typeof CLIENTS, Readonly<Record<Spoken, typeof NEWER | RegExp>>>> = {
  'a client of the older SDK': {
    'the older era only': OLDER,
    // The error of the server itself, unchanged, so that the client knows what to speak.
    'the newer era only': /-32022.*Unsupported protocol version: 2025-11-25/,
    'both eras': OLDER,
  },
  'a client that takes either era': {
    'the older era only': OLDER,
    'the newer era only': NEWER,
    'both eras': NEWER,
  },
  'a client of the newer era only': {
    'the older era only':
      /Unsupported protocol version: 2026-07-28\. Supported: 2025-11-25|did not offer .* 2026-07-28/,
    'the newer era only': NEWER,
    'both eras': NEWER,
  },
  'a client of the older era only': {
    'the older era only': OLDER,
    'the newer era only': /Unsupported protocol version: 2025-11-25/,
    'both eras': OLDER,
  },
};

const PAIRS = Object.keys(CLIENTS).flatMap((client) =>
  Object.keys(SERVERS).map((server) => [client as keyof typeof CLIENTS, server as Spoken] as const),
);

describe.each(WAYS)('eras meet, $front in front and $back behind', (ways) => {
  it.each(PAIRS)('%s, and a server of %s', async (client, spoken) => {
    const place = kit.add(await openPlace({ ...ways, server: SERVERS[spoken], policy: OPEN }));
    const met = await CLIENTS[client](place);
    const expected = EXPECTED[client][spoken];
    const calls = place.heard().filter(({ tool, method }) => tool !== undefined || method === 'tools/call');
    if (expected instanceof RegExp) {
      expect(met).toMatch(expected);
      expect(calls).toEqual([]);
    } else expect(met).toMatchObject({ ...expected, echoed: expect.stringMatching(/^(Echo: )?hi$/) });
  });
});
