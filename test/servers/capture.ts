import { request } from 'node:http';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { isObj, textOf } from '../kit/json-rpc.ts';

/** Sends an order with a credential through the proxy, as a customer's program would; resolves once it is answered. */
export function orderThrough(proxyPort: number, url: string): Promise<void> {
  const { host } = new URL(url);
  const headers = { host, authorization: 'Bearer captured-token', 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const order = request({ host: '127.0.0.1', port: proxyPort, method: 'POST', path: url, headers }, (answer) => {
      answer.resume();
      answer.once('end', resolve);
    });
    order.once('error', reject);
    order.end('{"qty":1}');
  });
}

/** The numbers of all flows that the server says it has. */
export async function flowsIn(client: Client): Promise<readonly string[]> {
  const summary: unknown = JSON.parse(textOf(await client.callTool({ name: 'get_traffic_summary', arguments: {} })));
  const flows = Array.isArray(summary) ? summary : [];
  return flows.map((flow: unknown) => (isObj(flow) ? String(flow['id']) : ''));
}
