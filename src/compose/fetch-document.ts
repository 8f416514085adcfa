import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { FetchedDocument } from '../cli/world.ts';
import { isLoopbackAddress, isLoopbackHost, isPublicAddress } from '../settings/registry/public-address.ts';

const MAX_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 15_000;

/**
 * Gets one small document, follows no redirect, and connects only where the address says it leads: this machine for one of its own
 * names, the open network for all others, whatever a name server answers. Never rejects.
 */
export async function fetchDocument(url: URL): Promise<FetchedDocument> {
  const { Agent, request } = await import('undici');
  const isOwn = isLoopbackHost(url.hostname);
  const agent = new Agent({
    allowH2: false,
    maxHeaderSize: 16 * 1024,
    connect: { timeout: TIMEOUT_MS, lookup: guarded(isOwn ? isLoopbackAddress : isPublicAddress) },
  });
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const headers = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'toolgate' };
    const answer = await request(url, { headers, dispatcher: agent, signal });
    if (answer.statusCode >= 300 && answer.statusCode < 400) {
      await answer.body.dump();
      return fault(
        `answers with a redirect (${answer.statusCode}), which is not followed; give the address that it leads to`,
      );
    }
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      return fault(`answers with status ${answer.statusCode}`);
    }
    return await textOf(answer.body);
  } catch (error) {
    return fault(`cannot be fetched: ${reasonOf(error)}`);
  } finally {
    await agent.destroy();
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<FetchedDocument> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return fault(`is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return {
      kind: 'text',
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks)),
    };
  } catch {
    return fault('is not UTF-8');
  }
}

/** Looks a name up, and lets only addresses pass that may be. */
function guarded(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = (addresses ?? []).filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (error !== null) callback(error, '', 0);
      else if (first === undefined) callback(new PrivateAddress(), '', 0);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

class PrivateAddress extends Error {
  readonly code = 'PRIVATE';
}

function fault(reason: string): FetchedDocument {
  return { kind: 'fault', reason };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  switch (code) {
    case 'PRIVATE':
      return 'its name leads into a private network, or to this machine';
    case 'ENOTFOUND':
      return 'no such host';
    case 'ECONNREFUSED':
      return 'nobody listens there';
    case 'TimeoutError':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'it took too long';
    default:
      return code;
  }
}
