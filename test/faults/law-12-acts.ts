import { type JsonObject, objectOf } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import { isObj, type Obj, objAt } from '../kit/json-rpc.ts';
import { atWork, type ClientSays, type Probe, type Saying } from './law-12-ledger.ts';
import { PEOPLE, type Rules } from './law-12-rules.ts';
import { GRANTS, SERVERS, TOOLS, type Way } from './law-12-scene.ts';
import { dressed, type Seat } from './law-12-seat.ts';
import { ARGS, type Change, type Pace, type Step } from './law-12-story.ts';
import type { Town } from './law-12-town.ts';

const OWN_KEY = 'toolgate.approval';

/** Does one step; what follows from it takes its turns. */
export async function act(town: Town, step: Step): Promise<void> {
  switch (step.do) {
    case 'call': {
      const seat = town.seat(step.at, nth(GRANTS, step.grant), nth(SERVERS, step.server), step.way);
      const params = { name: nth(TOOLS, step.tool), arguments: nth(ARGS, step.args) };
      return call(town, seat, params, { isTold: step.isTold });
    }
    case 'repeat': {
      const earlier = latest(town.probes, step.which, ({ kind }) => kind === 'call');
      const seat = earlier && seatLike(town, earlier, step.at);
      if (earlier === undefined || seat === undefined) return;
      const { name, arguments: given } = earlier.params;
      return call(town, seat, { name, arguments: given }, { isTold: false });
    }
    case 'answer':
      return answer(town, step);
    case 'client':
      return clientAnswers(town, step.which, step.says);
    case 'forge':
      return forge(town, step);
    case 'round':
      return step.isInTask ? laterRoundOfTask(town, step.which) : laterRound(town, step);
    case 'look':
    case 'call off': {
      const row = (await town.rows()).toReversed()[step.which];
      if (row === undefined) return;
      // Mostly it is the one whose task it is.
      const grant = step.grant === 1 ? nth(GRANTS, 1) : row.subject.grant;
      const seat = town.seat(step.at, grant, row.subject.server, step.isForm ? 'tasks form' : 'tasks');
      const isLook = step.do === 'look';
      const probe = begin(town, seat, { kind: isLook ? 'look' : 'call off', params: { taskId: row.id } });
      return speak(seat, probe, isLook ? 'tasks/get' : 'tasks/cancel', undefined);
    }
    case 'vanish':
      return vanish(town, step.which, step.how);
    case 'define': {
      const server = nth(SERVERS, step.server);
      const key = `${server} ${nth(TOOLS, step.tool)}`;
      town.definitions.set(key, (town.definitions.get(key) ?? 0) + 1);
      for (const seat of town.seats.filter((one) => one.server === server)) {
        const params = objectOf([]);
        seat.events?.received({ kind: 'notification', method: 'notifications/tools/list_changed', params }, undefined);
      }
      return step.isAccepted ? town.accept(server) : undefined;
    }
    case 'accept':
      return town.accept(nth(SERVERS, step.server));
    case 'policy':
      town.rules = changed(town.rules, step.change);
      return;
    case 'grant': {
      const grant = nth(GRANTS, step.grant);
      if (town.revoked.delete(grant)) return;
      town.revoked.add(grant);
      for (const seat of town.seats.filter((one) => one.grant === grant)) void seat.session.end('the grant is revoked');
      return;
    }
    case 'owner': {
      const grant = nth(GRANTS, step.grant);
      if (!town.owners.delete(grant)) town.owners.set(grant, 'somebody else');
      return;
    }
    case 'person': {
      const { name } = nth(PEOPLE, step.person);
      if (!town.removed.delete(name)) town.removed.add(name);
      return;
    }
    case 'wait':
      return town.machine.advance(step.ms);
    case 'wall':
      town.machine.wall += step.ms;
      return;
    case 'restart':
      return town.restart(step.at, step.how);
    case 'trouble':
      town.process(step.at).trouble = step.how;
      return;
    case 'mood':
      town.mood = step.to;
      return;
    case 'serve':
      return town.heldAnswers.shift()?.();
    case 'sweep':
      return void town.process(step.at).book.sweep();
  }
}

export async function paced(town: Town, pace: Pace): Promise<void> {
  if (pace === 'calm') return town.calm();
  if (pace === 'hurry') return;
  town.turns.release(pace);
  await new Promise((resolve) => setImmediate(resolve));
}

type More = Partial<Pick<Probe, 'says' | 'parent' | 'isLaterRound'>>;

function begin(town: Town, seat: Seat, more: More & Pick<Probe, 'kind' | 'params'>): Probe {
  const probe: Probe = {
    n: town.probes.length,
    seat: seat.key,
    grant: seat.grant,
    server: seat.server,
    says: undefined,
    parent: undefined,
    isLaterRound: false,
    isGone: false,
    isClosed: false,
    isAsleep: false,
    reply: undefined,
    isOver: false,
    pushed: [],
    ...more,
  };
  town.probes.push(probe);
  return probe;
}

function speak(seat: Seat, probe: Probe, method: string, token: string | undefined): void {
  seat.send(probe, { jsonrpc: '2.0', id: probe.n, method, params: dressed(seat, probe.params, token) });
}

/** A client calls. */
export function call(
  town: Town,
  seat: Seat,
  params: Obj,
  { isTold, ...more }: More & { readonly isTold: boolean },
): void {
  const probe = begin(town, seat, { kind: 'call', params, ...more });
  speak(seat, probe, 'tools/call', isTold ? `token ${probe.n}` : undefined);
}

/** The client's own place, or one like it at another process, as after a restart. */
function seatLike(town: Town, probe: Probe, process: number): Seat | undefined {
  const seat = seatOf(town, probe) ?? undefined;
  const way = /\((.*)\)$/.exec(probe.seat)?.[1] as Way | undefined;
  if (seat !== undefined && seat.session.phase !== 'ended' && process === seat.process.n) return seat;
  return way === undefined ? undefined : town.seat(process, probe.grant, probe.server, way);
}

function seatOf(town: Town, probe: Probe): Seat | undefined {
  return town.seats.find(({ key }) => key === probe.seat);
}

async function answer(town: Town, step: Extract<Step, { do: 'answer' }>): Promise<void> {
  const rows = (await town.rows()).toReversed();
  const open = rows.filter(({ state }) => state === 'open');
  // Mostly what is open; now and then what is over.
  const row = open[step.which] ?? rows[step.which];
  if (row === undefined) return;
  const { desk } = town.process(step.at);
  const isShared = row.subject.quorum.count > 1 && step.said === 'approve' && step.isNamed;
  const seen = isShared ? objAt(JSON.parse(row.edit?.params ?? row.subject.params), 'arguments') : undefined;
  const wanted = step.said === 'edit' ? nth(ARGS, step.args) : seen;
  const args = wanted && jsonOf(wanted);
  const said = step.said === 'edit' ? 'approve' : step.said;
  const person = nth(PEOPLE, step.person);
  if (town.removed.has(person.name)) return;
  const saying: Saying = { kind: 'saying', id: row.id, person, said, args };
  void atWork.run(saying, () =>
    desk
      .answer(
        row.id,
        { said, note: undefined, arguments: args },
        { person, channel: 'api', credential: `mark of ${person.name}` },
      )
      .catch((fault: Error) => fault),
  );
}

/** The client's user answers what the gateway itself asked, in the way of the client's era. */
function clientAnswers(town: Town, which: number, says: ClientSays): void {
  const asked = latest(town.probes, which, (probe) => ownQuestion(probe) !== undefined);
  const question = asked && ownQuestion(asked);
  const seat = asked && seatOf(town, asked);
  if (asked === undefined || question === undefined || seat === undefined) return;
  if (question.kind === 'pushed') {
    const probe = begin(town, seat, { kind: 'response', params: {}, says, parent: asked });
    return seat.send(probe, { jsonrpc: '2.0', id: question.id, result: answerOf(says) });
  }
  const inputResponses = { [OWN_KEY]: answerOf(says) };
  if (question.kind === 'task') {
    const params = { taskId: question.id, inputResponses };
    return speak(seat, begin(town, seat, { kind: 'update', params, says, parent: asked }), 'tasks/update', undefined);
  }
  const { name, arguments: given } = asked.params;
  const params = { name, arguments: given, inputResponses, requestState: question.state };
  call(town, seat, params, { says, parent: asked, isTold: false });
}

/** The answer to a question of the gateway's own, from a client that was not asked it. */
async function forge(town: Town, step: Extract<Step, { do: 'forge' }>): Promise<void> {
  const row = (await town.rows()).toReversed()[step.which];
  if (row === undefined) return;
  const grant = step.grant === 1 ? nth(GRANTS, 1) : row.subject.grant;
  const inputResponses = { [OWN_KEY]: answerOf('tick') };
  if (step.how === 'call') {
    const params = { ...(JSON.parse(row.subject.params) as Obj), inputResponses };
    return call(town, town.seat(0, grant, row.subject.server, 'form'), params, { says: 'tick', isTold: false });
  }
  const seat = town.seat(0, grant, row.subject.server, 'tasks form');
  const probe = begin(town, seat, { kind: 'update', params: { taskId: row.id, inputResponses }, says: 'tick' });
  speak(seat, probe, 'tasks/update', undefined);
}

type OwnQuestion =
  | { readonly kind: 'pushed'; readonly id: string }
  | { readonly kind: 'round'; readonly state: unknown }
  | { readonly kind: 'task'; readonly id: unknown };

function ownQuestion({ pushed, reply }: Probe): OwnQuestion | undefined {
  const request = pushed.find(({ method }) => method === 'elicitation/create');
  if (request !== undefined) return { kind: 'pushed', id: String(request['id']) };
  const result = objAt(reply, 'result');
  if (objAt(result, 'inputRequests')[OWN_KEY] === undefined) return undefined;
  if (result['taskId'] !== undefined) return { kind: 'task', id: result['taskId'] };
  return { kind: 'round', state: result['requestState'] };
}

function answerOf(says: ClientSays): Obj {
  switch (says) {
    case 'tick':
    case 'untick':
      return { action: 'accept', content: { approve: says === 'tick' } };
    default:
      return { action: says };
  }
}

/** Brings back the state that a server gave in the middle of a call. */
function laterRound(town: Town, { which, of }: Extract<Step, { do: 'round' }>): void {
  const isHalf = ({ reply, kind }: Probe): boolean => {
    const result = objAt(reply, 'result');
    const isOwn = isObj(result['inputRequests']) && OWN_KEY in result['inputRequests'];
    return kind === 'call' && result['resultType'] === 'input_required' && !isOwn;
  };
  const half = latest(town.probes, which, isHalf);
  const seat = half && seatOf(town, half);
  if (half === undefined || seat === undefined) return;
  const { name, arguments: given } = half.params;
  const { requestState } = objAt(half.reply, 'result');
  const others = ARGS.filter((args) => canonicalJson(jsonOf(args)) !== canonicalJson(given as JsonObject));
  const params = {
    name,
    arguments: of === 'another call' ? nth(others, which) : given,
    inputResponses: {},
    requestState,
  };
  const grant = GRANTS.find((one) => one !== half.grant) ?? half.grant;
  const place = of === 'another grant' ? town.seat(seat.process.n, grant, half.server, seat.way) : seat;
  call(town, place, params, { parent: half, isLaterRound: of === 'the call', isTold: false });
}

function laterRoundOfTask(town: Town, which: number): void {
  const half = latest(town.probes, which, ({ kind, reply }) => {
    return kind === 'look' && objAt(reply, 'result')['status'] === 'input_required';
  });
  const seat = half && seatOf(town, half);
  if (half === undefined || seat === undefined) return;
  const params = { taskId: half.params['taskId'], inputResponses: {} };
  const probe = begin(town, seat, { kind: 'update', params, parent: half, isLaterRound: true });
  speak(seat, probe, 'tasks/update', undefined);
}

function vanish(town: Town, which: number, how: Extract<Step, { do: 'vanish' }>['how']): void {
  const probe = latest(town.probes, which, (one) => one.kind === 'call' && !one.isOver && !one.isGone);
  const seat = probe && seatOf(town, probe);
  if (probe === undefined || seat === undefined) return;
  switch (how) {
    case 'sleep':
    case 'wake':
      probe.isAsleep = how === 'sleep';
      town.notes.push({ what: how === 'sleep' ? 'asleep' : 'awake', probe });
      return;
    case 'abandon':
      probe.isGone = true;
      probe.isClosed = true;
      town.notes.push({ what: 'gone', probe });
      return seat.session.abandon(seat.sinkOf(probe), 'the client closed its stream');
    case 'cancel': {
      const canceller = begin(town, seat, { kind: 'response', params: {} });
      const params = { requestId: probe.n, reason: 'enough' };
      const message = { jsonrpc: '2.0', method: 'notifications/cancelled', params };
      // What overtakes its call cancels nothing.
      void seat.ready.then(() => {
        if (!probe.isOver) town.notes.push({ what: 'gone', probe });
        probe.isGone = true;
      });
      return seat.send(canceller, message);
    }
  }
}

function changed(rules: Rules, change: Change): Rules {
  switch (change.of) {
    case 'asks':
      return { ...rules, asks: change.to };
    case 'second':
      return { ...rules, hasSecond: !rules.hasSecond };
    case 'elsewhere':
      return { ...rules, elsewhere: rules.elsewhere + 1 };
    case 'denied':
      return { ...rules, denied: change.to };
    case 'limit':
      return { ...rules, limit: change.to };
    case 'approvals':
      return { ...rules, approvals: change.to };
  }
}

function latest(probes: readonly Probe[], which: number, isMeant: (probe: Probe) => boolean): Probe | undefined {
  return probes.toReversed().filter(isMeant)[which];
}

function nth<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('the list is empty');
  return found;
}

function jsonOf(args: Obj): JsonObject {
  return objectOf(Object.entries(args) as [string, number | string][]);
}
