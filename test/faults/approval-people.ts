import type { Approval } from '../../src/gateway/approvals/approval.ts';
import type { Answered, GivenAnswer } from '../../src/gateway/approvals/approval-desk.ts';
import { LocalDesk } from '../../src/gateway/approvals/local-desk.ts';
import type { Role } from '../../src/gateway/approvals/quorum.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { calm, type World } from './world.ts';

/** Somebody of a world's configuration, at its desk. */
export interface Somebody {
  approve(id: string, args?: Obj): Promise<Answered>;
  deny(id: string, note?: string): Promise<Answered>;
}

export function somebody(world: World, name: string, roles: readonly Role[] = ['approver']): Somebody {
  const desk = deskOf(world);
  const viewer = { person: { name, roles: new Set(roles) }, channel: 'api' as const, credential: `mark of ${name}` };
  const say = async (id: string, given: GivenAnswer): Promise<Answered> => {
    const answered = await desk.answer(id, given, viewer);
    await calm();
    return answered;
  };
  return {
    approve: (id, args) => say(id, { said: 'approve', note: undefined, arguments: args && asRead(args) }),
    deny: (id, note) => say(id, { said: 'deny', note, arguments: undefined }),
  };
}

function deskOf({ gate, store }: World): LocalDesk {
  const none = { kind: 'none', reason: 'nothing is proposed here' } as const;
  return new LocalDesk({
    store: store.approvals,
    clock: gate.clock,
    crypto: gate.crypto,
    herald: gate.approvals.herald,
    exceptions: { propose: async () => none, adopt: async () => none },
    whyUnfit: async () => undefined,
    marks: async () => (name) => `mark of ${name}`,
    onChange: () => gate.approvals.poke(),
  });
}

/** Questions of a world in the order in which they were asked. */
export function questions({ store }: World): readonly Approval[] {
  return store.approvals.kept;
}

/** The one that was asked last. */
export function question(world: World): Approval {
  const last = questions(world).at(-1);
  if (last === undefined) throw new Error('nothing was asked');
  return last;
}

function asRead(value: Obj): JsonObject {
  const read = readJson(JSON.stringify(value), STRICT);
  if (read.kind === 'fault') throw new Error(read.reason);
  return read.value as JsonObject;
}
