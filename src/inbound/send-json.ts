import type { ServerResponse } from 'node:http';

/** Answers with one JSON text; `writer` for those that may be too long for a slow reader. */
export function sendJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
  writer: { end(text: string): void } = response,
): void {
  const length = Buffer.byteLength(text);
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'content-length': length });
  writer.end(text);
}
