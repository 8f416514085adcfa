import type { Call } from '../wire/call.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Request } from '../wire/message.ts';
import { HEADER_MISMATCH } from '../wire/modern/envelope.ts';
import { paramHeaderFault, paramHeaders } from '../wire/modern/param-headers.ts';
import type { KnownTool } from './definitions.ts';
import type { Sink } from './ports.ts';
import { refuseMessage } from './refuse-message.ts';
import type { Session } from './session.ts';

/** Refuses a call whose headers do not repeat its arguments as the tool's schema asks; undefined when they do, or need not. */
export async function headerRefusal(
  session: Session,
  message: Request,
  call: Call,
  tool: KnownTool | 'no tool' | undefined,
  sink: Sink,
): Promise<JsonObject | undefined> {
  if (session.era !== 'modern' || sink.paramHeaders === undefined || typeof tool !== 'object') return undefined;
  const declared = tool.headers();
  if (declared.kind === 'unusable') return undefined;
  const fault = paramHeaderFault(declared.params, call.args, sink.paramHeaders);
  return fault === undefined ? undefined : refuseMessage(session, message, HEADER_MISMATCH, fault);
}

/** The headers that repeat a call's arguments, made anew from what was judged. */
export function argumentHeaders(
  session: Session,
  call: Call,
  tool: KnownTool | 'no tool' | undefined,
): Readonly<Record<string, string>> {
  if (session.era !== 'modern' || session.transport !== 'http' || typeof tool !== 'object') return NONE;
  const declared = tool.headers();
  return declared.kind === 'unusable' ? NONE : paramHeaders(declared.params, call.args);
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});
