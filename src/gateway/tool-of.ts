import type { Call } from '../wire/call.ts';
import type { KnownTool } from './definitions.ts';
import type { Session } from './session.ts';

export type Lookup =
  | { readonly kind: 'found'; readonly tool: KnownTool | 'no tool' | undefined }
  /** The server could not be asked what it lists. */
  | { readonly kind: 'unasked'; readonly reason: string };

/** A tool is looked up in the server's own list first, with one fresh look at it if the name is not there. */
export async function toolOf(session: Session, call: Call): Promise<Lookup> {
  if (call.kind !== 'tool') return NO_TOOL;
  const { tools, connection } = session;
  const known = tools.current?.get(call.name);
  if (known !== undefined) return found(session, known);
  const read = await tools.refresh(connection);
  return typeof read === 'string' ? { kind: 'unasked', reason: read } : found(session, read?.get(call.name));
}

const NO_TOOL: Lookup = { kind: 'found', tool: 'no tool' };

function found(session: Session, tool: KnownTool | undefined): Lookup {
  return { kind: 'found', tool: tool === undefined || !isUsable(session, tool) ? undefined : tool };
}

/** Over HTTP, a modern tool whose schema asks for impossible headers counts as not there, as the protocol demands. */
export function isUsable({ era, transport }: Session, tool: KnownTool): boolean {
  return era !== 'modern' || transport !== 'http' || tool.headers().kind === 'params';
}
