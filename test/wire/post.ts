import { request as httpRequest } from 'node:http';
import { type Obj, readObj } from '../kit/json-rpc.ts';

export type Pair = readonly [name: string, value: string];

interface Posted {
  readonly status: number;
  readonly text: string;
  /** The JSON-RPC answer, where the body is one. */
  readonly message: Obj | undefined;
}

/** Posts with exactly these header lines, in this order. */
export function post(url: string, body: string, headers: readonly Pair[], signal?: AbortSignal): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: headers.flat(), ...(signal ? { signal } : {}) };
    const request = httpRequest(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const last = text.split('\n').findLast((line) => line.startsWith('data: {'));
        resolve({ status: response.statusCode ?? 0, text, message: readObj(last?.slice(6) ?? text) });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
