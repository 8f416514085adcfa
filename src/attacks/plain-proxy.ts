import { fieldsIn } from './conversation.ts';
import { type Listening, listen } from './http-host.ts';

/**
 * What stands in for the gate where a scenario shows why there is one: it looks at the name of a called tool, as JSON.parse
 * gives it, and sends on the bytes and the credential as they came.
 */
export function plainProxy(to: string, allows: (tool: string) => boolean): Promise<Listening> {
  return listen(async ({ headers, method }, body, response) => {
    const message = fieldsIn(JSON.parse(body));
    const tool = fieldsIn(message['params'])['name'];
    if (message['method'] === 'tools/call' && !allows(String(tool))) return void response.writeHead(403).end();
    const { authorization = '' } = headers;
    const sent = { 'content-type': 'application/json', accept: 'application/json', authorization };
    const answer = await fetch(to, { method: method ?? 'POST', headers: sent, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
}
