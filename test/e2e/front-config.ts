import { type Gateway, startGateway } from '../kit/gateway.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import type { Started } from '../kit/started.ts';
import { AGENT, OPEN_POLICY, OTHER, recordingCommand } from './rig.ts';

type RecordingServer = Awaited<ReturnType<typeof startRecordingServer>>;

/** Two servers, one of each kind, and two grants that may use them; the remote one wants UPSTREAM_TOKEN. */
function frontConfig(record: string, remoteUrl: string): Obj {
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

/** Starts the remote server and the gateway in front of both; the kit ends them. */
export async function startFront(
  kit: Started,
  record: string,
): Promise<{ readonly gateway: Gateway; readonly remote: RecordingServer }> {
  const remote = kit.add(await startRecordingServer());
  const config = frontConfig(record, remote.url);
  const gateway = kit.add(await startGateway({ config, env: { UPSTREAM_TOKEN: 'the-token-for-upstream' } }));
  return { gateway, remote };
}
