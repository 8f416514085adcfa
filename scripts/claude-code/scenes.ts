import type { Stage, StageOptions } from './stage.ts';
import { pause } from './terminal.ts';

/** Tells what was seen, under a heading. */
export type Tell = (heading: string, seen: string) => void;

export interface Scene {
  readonly name: string;
  readonly says: string;
  readonly set: Omit<StageOptions, 'claude' | 'folder'>;
  play(stage: Stage, tell: Tell): Promise<void>;
}

export const TEXT = 'pay seven';

export function must(is: boolean, what: string): void {
  if (!is) throw new Error(`it did not hold that ${what}`);
}

/** The order that a person is asked about. */
export function payment(stage: Stage, text: string = TEXT): string {
  return stage.order('echo', { text });
}

function allowed(front: StageOptions['front'], era: StageOptions['era']): Scene {
  return {
    name: `allowed-${front}-${era}`,
    says: 'an allowed call passes',
    set: { front, era },
    async play(stage, tell) {
      const order =
        era === 'modern' ? stage.order('touch', { uri: 'note://open' }) : stage.order('sum', { a: 40, b: 2 });
      const said = await stage.print(order);
      tell('claude -p', said);
      must(/touched note:\/\/open|said: 42/.test(said), 'the call was answered');
    },
  };
}

/** Without a person in front of it Claude Code cancels every dialog by itself; the call is held. */
function held(set: Scene['set'], said: 'approve' | 'deny'): Scene {
  return {
    name: `held-${set.front}-${set.era}-${said}`,
    says: `claude -p waits on a held call, and a person says ${said}`,
    set,
    async play(stage, tell) {
      const running = stage.print(payment(stage));
      const id = await stage.question();
      await pause(12_000);
      must(!stage.hasReached(TEXT), 'the server was not reached before the answer');
      tell('the person', await stage.person(said, id, said === 'deny' ? '--reason' : '--note', 'seven is my number'));
      tell('claude -p', await running);
      must(stage.hasReached(TEXT) === (said === 'approve'), 'the server was reached by a yes only');
    },
  };
}

function gone(front: StageOptions['front'], era: StageOptions['era']): Scene {
  return {
    name: `gone-${front}-${era}`,
    says: 'claude -p is killed while its call is held: what is approved then is not sent, and the same call uses it',
    set: { front, era },
    async play(stage, tell) {
      const kill = stage.printAndKill(payment(stage));
      const id = await stage.question();
      await pause(2_000);
      await kill();
      tell('the person', await stage.person('approve', id));
      await pause(5_000);
      must(!stage.hasReached(TEXT), 'nothing was sent for a client that is gone');
      tell('claude -p again', await stage.print(payment(stage)));
      must(stage.hasReached(TEXT), 'the approved call was sent');
    },
  };
}

function ticket(front: StageOptions['front']): Scene {
  return {
    name: `ticket-${front}`,
    says: 'nothing is held: a ticket, an answer, and the same call again',
    set: { front, era: 'modern', hold: 0 },
    async play(stage, tell) {
      const first = await stage.print(payment(stage));
      tell('claude -p', first);
      must(first.includes('[APPROVAL REQUIRED]'), 'a ticket was given');
      must(!stage.hasReached(TEXT), 'the server was not reached before the answer');
      tell('the person', await stage.person('approve', await stage.question()));
      tell('another call', await stage.print(payment(stage, 'pay eleven'), '--continue'));
      must(!stage.hasReached('pay eleven'), 'the approval is for no other call');
      tell('the same call', await stage.print(payment(stage), '--continue'));
      must(stage.hasReached(TEXT), 'the approved call was sent');
      const again = await stage.print(payment(stage), '--continue');
      tell('the same call once more', again);
      must(again.includes('[APPROVAL REQUIRED]'), 'an approval is used once');
    },
  };
}

/** The gateway lets go before anybody answered. */
function late(front: StageOptions['front'], era: StageOptions['era']): Scene {
  return {
    name: `late-${front}-${era}`,
    says: 'the call is held for ten seconds only: then a ticket, an answer, and the same call again',
    set: { front, era, hold: 10 },
    async play(stage, tell) {
      const first = await stage.print(payment(stage));
      tell('claude -p', first);
      must(first.includes('[APPROVAL REQUIRED]'), 'a ticket was given');
      tell('the person', await stage.person('approve', await stage.question()));
      tell('the same call', await stage.print(payment(stage), '--continue'));
      must(stage.hasReached(TEXT), 'the approved call was sent');
    },
  };
}

/** Claude Code without a person in front of it. */
export const PRINTED: readonly Scene[] = [
  allowed('http', 'modern'),
  allowed('http', 'legacy'),
  allowed('joined', 'legacy'),
  allowed('stdio', 'modern'),
  allowed('stdio', 'legacy'),
  held({ front: 'http', era: 'modern' }, 'approve'),
  held({ front: 'http', era: 'modern' }, 'deny'),
  held({ front: 'http', era: 'legacy' }, 'approve'),
  held({ front: 'joined', era: 'legacy' }, 'approve'),
  held({ front: 'stdio', era: 'modern' }, 'approve'),
  gone('http', 'modern'),
  gone('http', 'legacy'),
  gone('stdio', 'modern'),
  late('http', 'modern'),
  late('http', 'legacy'),
  ticket('http'),
];
