/** A parsed JSON object from the other side of a wire; nothing about its fields is known. */
export type Obj = Record<string, unknown>;

export type RpcId = string | number;

export function isObj(value: unknown): value is Obj {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a text holds, or undefined if it holds anything else. */
export function readObj(text: string): Obj | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObj(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The object under a key, empty when there is none. */
export function objAt(value: unknown, key: string): Obj {
  const inner = isObj(value) ? value[key] : undefined;
  return isObj(inner) ? inner : {};
}

export function idOf(message: Obj): RpcId | undefined {
  const id = message['id'];
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

export function textResult(text: string, failed: 'failed' | 'fine' = 'fine'): Obj {
  const content = [{ type: 'text', text }];
  return failed === 'failed' ? { content, isError: true } : { content };
}

/** All the text of a tool result, joined. */
export function textOf(result: unknown): string {
  const content = isObj(result) && Array.isArray(result['content']) ? result['content'] : [];
  return content
    .map((block: unknown) => (isObj(block) && typeof block['text'] === 'string' ? block['text'] : ''))
    .join('');
}
