import type { StoredLink } from '../gateway/audit/audit-ports.ts';

/**
 * A record as one line of JSON. `limits` and `body` stand in it as the very texts that its hash covers, in this order and at its end, so
 * that whoever has the lines of a writer can check every hash: docs/reference/export.md says how.
 */
export function recordLine({ writer, seq, id, kind, at, limits, body, hash }: StoredLink): string {
  const head = JSON.stringify({ format: 'toolgate-record-1', time: timeOf(at), writer, seq, id, kind, at, hash });
  return `${head.slice(0, -1)},"limits":${asJson(limits)},"body":${asJson(body)}}`;
}

function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}

/** What somebody changed behind our back need be neither JSON nor one line: it goes as a text, which convicts it all the same. */
function asJson(text: string): string {
  return /^[[{]/.test(text) && isOneLine(text) && isJson(text) ? text : JSON.stringify(text);
}

function isOneLine(text: string): boolean {
  return !text.includes('\n') && !text.includes('\r');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
