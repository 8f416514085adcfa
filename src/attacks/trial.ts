import type { AttackStep, AttackTrial } from '../catalogue/attack-run.ts';
import { connectAgent, type Diary } from './agent.ts';
import type { Cast } from './casting.ts';
import { type Fields, fieldsIn } from './conversation.ts';
import type { Stage } from './scenario.ts';
import { PERSON, type Site } from './site.ts';

/** Plays a scenario once. Never rejects: what went wrong is among the faults. */
export async function tryOut(cast: Cast, site: Site): Promise<AttackTrial> {
  const { scenario, side } = cast;
  const steps: AttackStep[] = [];
  const heard: string[] = [];
  const stoppedBy: string[] = [];
  const faults: string[] = [];
  const opened: { close(): Promise<void> }[] = [];
  const stopped = (by: string): void => {
    if (!stoppedBy.includes(by)) stoppedBy.push(by);
  };
  // It ends with the gateway, and still is nothing to be shown.
  const masked = (text: string): string => text.replaceAll(site.token(cast.grant('agent')), "(the agent's token)");
  const diary: Diary = {
    tell: ({ answer, ...step }) =>
      void steps.push({ ...step, answer: answer === undefined ? undefined : short(answer) }),
    heard: (text) => void heard.push(text),
    stopped,
    fault: (what) => void faults.push(what),
  };
  const api = async (path: string, token: string, body?: Fields): Promise<{ status: number; body: Fields }> => {
    const response = await fetch(`${site.base}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: fieldsIn(await response.json()) };
  };
  const address = (role: string): string => site.address(cast.serverName(role));
  const stage: Stage = {
    side,
    token: site.token(cast.grant('agent')),
    connect: ({ as = 'agent', at = address('main') } = {}) => connectAgent(at, site.token(cast.grant(as)), diary),
    address,
    behind: (role) => cast.hosts.get(role)?.url ?? '',
    publish: cast.publish,
    install: (name) => site.install(cast.serverName('main'), cast.command(name)),
    async opened(listening) {
      const thing = await listening;
      opened.push(thing);
      return thing;
    },
    async approve() {
      const person = site.token(PERSON);
      const { body } = await api('/api/approvals?which=waiting', person);
      const open = Array.isArray(body['approvals']) ? body['approvals'].map(fieldsIn) : [];
      const id = open.find((one) => one['server'] === cast.serverName('main'))?.['id'];
      const { status } = await api(`/api/approvals/${String(id)}/approve`, person, {});
      diary.tell({ who: 'person', does: 'approves the call that waits', answer: `HTTP ${status}` });
      if (status !== 200) faults.push(`the person's answer should have been taken: HTTP ${status}`);
    },
    record: cast.record,
    async redeem(url, token, tool, args) {
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: tool, arguments: args },
      });
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json',
      };
      const response = await fetch(url, { method: 'POST', headers, body });
      const text = response.ok ? await response.text() : `HTTP ${response.status}`;
      const where = url.startsWith(site.base) ? 'through the gate' : 'at the server itself';
      diary.tell({ who: 'attacker', does: `calls ${tool} ${where} with that token`, answer: text });
      if (!response.ok) stopped(`HTTP ${response.status}`);
    },
    api,
    tell: (who, does, answer) => diary.tell({ who, does, answer }),
    stopped,
  };
  try {
    await scenario.play(stage);
  } catch (fault) {
    faults.push(fault instanceof Error ? fault.message : String(fault));
  } finally {
    for (const thing of opened) await thing.close();
  }
  const record = cast.record();
  const seen = { record, heard: heard.join('\n') };
  const harm = scenario.harm(seen);
  const besides = harm === undefined ? scenario.stopped?.(seen) : undefined;
  if (besides !== undefined) stopped(besides);
  return { between: betweenOf(cast), steps, record: record.map(masked), harm, stoppedBy, faults };
}

function betweenOf({ scenario, side, attack }: Cast): string {
  if (side === 'without') return scenario.without?.between ?? 'the gate with an open policy and no pins';
  const server = attack.stops.server === undefined ? undefined : 'configuration';
  const policy = attack.stops.policy === undefined ? undefined : 'policy';
  return `the gate with the ${[policy, server].filter((one) => one !== undefined).join(' and the ')} of this pattern`;
}

function short(text: string): string {
  const characters = [...text];
  return characters.length > 300 ? `${characters.slice(0, 300).join('')}…` : text;
}
