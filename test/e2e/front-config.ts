import type { Obj } from '../kit/json-rpc.ts';
import { AGENT, OPEN_POLICY, OTHER, recordingCommand } from './rig.ts';

/** Two servers, one of each kind, and two grants that may use them; the remote one wants UPSTREAM_TOKEN. */
export function frontConfig(record: string, remoteUrl: string): Obj {
  const both = { recorder: 'open', remote: 'open' };
  return {
    servers: {
      recorder: { command: recordingCommand(record) },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own way to name a variable.
      remote: { url: remoteUrl, headers: { Authorization: 'Bearer ${UPSTREAM_TOKEN}', 'X-Team': 'blue' } },
    },
    policies: { open: OPEN_POLICY },
    grants: {
      agent: { owner: 'alice', servers: both, token: AGENT },
      other: { owner: 'bob', servers: both, token: OTHER },
    },
    hosts: ['gateway.example'],
    origins: ['https://console.example'],
  };
}
