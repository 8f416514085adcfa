import type { IncomingMessage, ServerResponse } from 'node:http';
import { Api } from './api.ts';
import { Identifying } from './identifying.ts';
import type { AdminOptions } from './options.ts';
import { Site } from './site.ts';

/** Makes what answers people below `/api` and `/approvals`: true if it did, false for what is elsewhere. Never rejects. */
export function makePages(
  options: AdminOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const identifying = new Identifying(options.people, () => options.clock.elapsed());
  const api = new Api(options, identifying);
  const site = new Site(options, identifying);
  return async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (isBelow(path, '/api')) await api.handle(path, request, response);
    else if (isBelow(path, '/approvals')) await site.handle(path, request, response);
    else return false;
    return true;
  };
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
