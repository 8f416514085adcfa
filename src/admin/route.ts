/** What a path below `/api` stands for. */
export type ApiRoute = Route | { readonly at: 'records' } | { readonly at: 'record'; readonly id: string };

/** What a path stands for. */
export type Route =
  | { readonly at: 'list' | 'me' | 'backtest' | 'login' | 'logout' | 'nothing' }
  | { readonly at: 'question'; readonly id: string }
  | { readonly at: Step; readonly id: string };

export type Step = 'approve' | 'deny' | 'always' | 'adopt';

const OF_ONE = /^\/(ap_[\w-]{1,100})(?:\/(approve|deny|always|adopt))?$/;
/** Ids are the gateway's own: those of calls, sessions and events. */
const OF_RECORD = /^\/api\/audit\/([\w-]{1,200})$/;

/** Below `/api`. */
export function apiRoute(path: string): ApiRoute {
  if (path === '/api/me') return { at: 'me' };
  if (path === '/api/policy/backtest') return { at: 'backtest' };
  if (path === '/api/audit' || path === '/api/audit/') return { at: 'records' };
  const [, id] = OF_RECORD.exec(path) ?? [];
  if (id !== undefined) return { at: 'record', id };
  return path.startsWith('/api/approvals') ? ofList(path.slice('/api/approvals'.length)) : NOTHING;
}

/** Below `/approvals`. */
export function pageRoute(path: string): Route {
  const rest = path.slice('/approvals'.length);
  if (rest === '/login') return { at: 'login' };
  if (rest === '/logout') return { at: 'logout' };
  return ofList(rest);
}

const NOTHING: Route = { at: 'nothing' };

function ofList(rest: string): Route {
  if (rest === '' || rest === '/') return { at: 'list' };
  const [, id, step] = OF_ONE.exec(rest) ?? [];
  if (id === undefined) return NOTHING;
  return step === undefined ? { at: 'question', id } : { at: step as Step, id };
}
