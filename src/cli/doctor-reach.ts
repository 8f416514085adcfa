import { askingPolicies } from '../settings/report/answerable.ts';
import type { Settings } from '../settings/settings.ts';
import { type Finding, finding, named } from './doctor-finding.ts';

/** What can be reached without the gateway, and what the gateway says in the clear. */
export function reachFindings(settings: Settings): readonly Finding[] {
  return [...serverFindings(settings), ...pageFindings(settings), ...hookFindings(settings)];
}

function serverFindings({ servers }: Settings): readonly Finding[] {
  const commands = [...servers.values()].filter(({ kind }) => kind === 'command').map(({ name }) => name);
  const open = [...servers.values()]
    .filter((server) => server.kind === 'url' && server.headers.size === 0)
    .map(({ name }) => name);
  return [
    ...(commands.length === 0
      ? []
      : [
          finding(
            'note',
            `Started by a command: ${named(commands)}. Whoever has a shell on this account can start them without the gateway.`,
            'run agents on another account, and let only the gateway have what the servers need: their credentials, their files',
          ),
        ]),
    ...(open.length === 0
      ? []
      : [
          finding(
            'note',
            `Reached by a URL without credentials in "headers": ${named(open)}. Whoever reaches the address can call them without the gateway.`,
            'let them want credentials that only the gateway has',
          ),
        ]),
  ];
}

function pageFindings(settings: Settings): readonly Finding[] {
  const { url } = settings.approvals;
  if (askingPolicies(settings).size === 0) return [];
  if (url === undefined) {
    return [
      finding(
        'note',
        'Agents and notices are told the address at which the gateway listens, which people may not reach from where they are.',
        'put the address under which people reach the gateway into "approvals": {"url": …} of the configuration',
      ),
    ];
  }
  if (!isInTheClear(url)) return [];
  return [
    finding(
      'warning',
      `People answer at ${url}: by http their tokens travel in the clear.`,
      'put TLS before it, and write https',
    ),
  ];
}

function hookFindings(settings: Settings): readonly Finding[] {
  const hooks = [...settings.hooks.values()];
  const clear = hooks.filter(({ url }) => isInTheClear(url.reveal())).map(({ name }) => name);
  const told = new Set(hooks.flatMap(({ events }) => [...events]));
  const isAsking = askingPolicies(settings).size > 0;
  return [
    ...(clear.length === 0
      ? []
      : [
          finding(
            'warning',
            `Notices to ${named(clear)} travel by plain http: others can read them on the way, and keep them from arriving.`,
            'write https in their "url"',
          ),
        ]),
    ...(isAsking && !told.has('approval.asked')
      ? [
          finding(
            'note',
            'Nobody is told outside when a question is asked.',
            'add a hook to "notices" of the configuration, or let toolgate approvals watch run',
          ),
        ]
      : []),
    ...(told.has('policy.changed')
      ? []
      : [
          finding(
            'note',
            'Nobody is told outside when a policy changes.',
            'add a hook for policy.changed to "notices" of the configuration',
          ),
        ]),
  ];
}

/** http beyond this machine. */
function isInTheClear(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'http:' && !/^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(url.hostname);
}
