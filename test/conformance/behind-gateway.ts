import { startGateway } from '../kit/gateway.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { startBearerRelay } from './bearer-relay.ts';

/** The token of the one grant. */
export const TOKEN = 'the-token-of-the-conformance-suite';

/** A policy under which the gateway refuses nothing that the protocol allows. */
export const OPEN: Obj = {
  version: '1',
  default: 'allow',
  requests: { sampling: 'allow', elicitation: 'allow', roots: 'allow' },
};

/** One server behind the real gateway, all allowed. */
export function openConfig(server: Obj): Obj {
  return {
    servers: { tested: server },
    policies: { open: OPEN },
    grants: { suite: { owner: 'suite', servers: { tested: 'open' }, token: TOKEN } },
  };
}

interface Behind {
  /** Where the suite reaches the server, through the gateway. */
  readonly url: string;
  /** What the gateway's operator would have read. */
  stderr(): string;
  stop(): Promise<void>;
}

/** Starts the gateway with one server behind it, and a relay before it that brings the token. */
export async function startBehindGateway(server: Obj): Promise<Behind> {
  const kit = started();
  const gateway = kit.add(await startGateway({ config: openConfig(server) }));
  const relay = kit.add(await startBearerRelay(gateway.port, TOKEN));
  return {
    url: `http://127.0.0.1:${relay.port}/mcp/tested`,
    stderr: gateway.stderr,
    stop: kit.endAll,
  };
}
