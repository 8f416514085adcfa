import type { IncomingMessage } from 'node:http';

/** Whether the client takes answers of a type; one that says nothing takes all. */
export function accepts(request: IncomingMessage, type: string): boolean {
  const { accept } = request.headers;
  if (accept === undefined) return true;
  const major = `${type.split('/')[0]}/*`;
  return accept.split(',').some((range) => {
    const named = range.split(';')[0]?.trim().toLowerCase();
    return named === type || named === '*/*' || named === major;
  });
}

/** Whether the client names event streams before plain answers: of two types that it takes alike, that is the one it asks for. */
export function prefersEvents(request: IncomingMessage): boolean {
  const named = (request.headers.accept ?? '')
    .toLowerCase()
    .split(',')
    .map((range) => range.trim());
  const stream = named.indexOf('text/event-stream');
  const plain = named.indexOf('application/json');
  return stream >= 0 && plain > stream;
}

/** Why a posted message is not even read. */
export function unfitForPost(
  request: IncomingMessage,
): { readonly status: number; readonly reason: string } | undefined {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { status: 415, reason: 'Content-Type must be application/json.' };
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    return { status: 415, reason: 'The body must not be compressed.' };
  if (!accepts(request, 'application/json'))
    return { status: 406, reason: 'Accept must name application/json and text/event-stream.' };
  return undefined;
}
