import type { Stage, StageOptions } from './stage.ts';
import { pause } from './terminal.ts';

/** Tells what was seen, under a heading. */
type Tell = (heading: string, seen: string) => void;

export interface Scene {
  readonly name: string;
  readonly says: string;
  readonly set: Pick<StageOptions, 'front' | 'era' | 'hold'>;
  play(stage: Stage, tell: Tell): Promise<void>;
}

const ECHO = 'use mcp__gw__echo';

function must(is: boolean, what: string): void {
  if (!is) throw new Error(`it did not hold that ${what}`);
}

/** The order that the stand-in of the model carries out. */
function order(text: string): string {
  return `${ECHO} ${JSON.stringify({ text })}`;
}

function allowed(front: 'http' | 'stdio', era: 'legacy' | 'modern'): Scene {
  const call = era === 'modern' ? 'touch {"uri":"note://open"}' : 'sum {"a":40,"b":2}';
  return {
    name: `allowed-${front}-${era}`,
    says: 'an allowed call passes',
    set: { front, era },
    async play(stage, tell) {
      const said = await stage.print(`use mcp__gw__${call}`);
      tell('claude -p', said);
      must(/touched note:\/\/open|said: 42/.test(said), 'the call was answered');
    },
  };
}

/** The Tasks extension: the call goes to the background, and Claude Code asks for it every few seconds. */
function task(front: 'http' | 'stdio', said: 'approve' | 'deny'): Scene {
  return {
    name: `task-${front}-${said}`,
    says: `in a terminal, a task waits for a person, who says ${said}`,
    set: { front, era: 'modern' },
    async play(stage, tell) {
      const terminal = await stage.open();
      await terminal.order(order('pay seven'));
      tell('asked', await terminal.shows(/server-side task/, 20));
      const id = await stage.question();
      must(!stage.hasReached('pay seven'), 'the server was not reached before the answer');
      await pause(4_000);
      terminal.press('Down');
      await pause(1_000);
      terminal.press('Enter');
      await pause(1_000);
      tell('what it shows of the task', terminal.screen());
      terminal.press('Escape');
      await pause(1_000);
      tell('the person', await stage.person('show', id));
      tell('the person', await stage.person(said, id, said === 'deny' ? '--reason' : '--note', 'seven is my number'));
      tell('answered', await terminal.shows(/I was told/, 30));
      must(stage.hasReached('pay seven') === (said === 'approve'), `the server was reached only by a yes`);
    },
  };
}

/** Without a person in front of it Claude Code cancels every dialog by itself; the call is held. */
function held(front: 'http' | 'stdio', era: 'legacy' | 'modern', said: 'approve' | 'deny'): Scene {
  return {
    name: `held-${front}-${era}-${said}`,
    says: `claude -p waits while the call is held, and a person says ${said}`,
    set: { front, era },
    async play(stage, tell) {
      const running = stage.print(order('pay eight'));
      const id = await stage.question();
      await pause(25_000);
      must(!stage.hasReached('pay eight'), 'the server was not reached before the answer');
      tell('the person', await stage.person(said, id, said === 'deny' ? '--reason' : '--note', 'eight is fine'));
      tell('claude -p', await running);
      must(stage.hasReached('pay eight') === (said === 'approve'), 'the server was reached only by a yes');
    },
  };
}

/** A session has no tasks: the dialog, and the call held behind it. Answered elsewhere, the dialog goes away by itself. */
function dialog(front: 'http' | 'stdio', how: 'approved elsewhere' | 'declined' | 'interrupted'): Scene {
  return {
    name: `dialog-${front}-${how.replaceAll(' ', '-')}`,
    says: `in a terminal, the person at it gets a dialog, and it is ${how}`,
    set: { front, era: 'legacy' },
    async play(stage, tell) {
      const terminal = await stage.open();
      await terminal.order(order('pay nine'));
      const id = await stage.question();
      tell('asked', await terminal.shows(/Decline|Waiting for/, 20));
      if (how === 'approved elsewhere') {
        tell('the person', await stage.person('approve', id));
        tell('answered', await terminal.shows(/said: pay nine/, 20));
        must(stage.hasReached('pay nine'), 'the approved call was sent');
        return;
      }
      if (how === 'declined') {
        for (let presses = 0; !/❯ Decline/.test(terminal.screen()) && presses < 4; presses++) {
          terminal.press(/to navigate/.test(terminal.screen()) ? 'Down' : 'Right');
          await pause(500);
        }
        terminal.press('Enter');
        tell('declined', await terminal.shows(/The tool said/, 20));
        must(!stage.hasReached('pay nine'), 'a declined call was not sent');
        return;
      }
      terminal.press('Escape');
      await pause(2_000);
      terminal.press('Escape');
      await pause(2_000);
      tell('interrupted', terminal.screen());
      tell('the person', await stage.person('approve', id));
      await pause(3_000);
      must(!stage.hasReached('pay nine'), 'nothing is sent for a client that went away');
      await terminal.order(order('pay nine'));
      tell('ordered again', await terminal.shows(/said: pay nine/, 20));
    },
  };
}

function ticket(front: 'http' | 'stdio'): Scene {
  return {
    name: `ticket-${front}`,
    says: 'nothing is held: a ticket, an answer, and the same call again',
    set: { front, era: 'modern', hold: 0 },
    async play(stage, tell) {
      const first = await stage.print(order('pay ten'));
      tell('claude -p', first);
      must(first.includes('[APPROVAL REQUIRED]'), 'a ticket was given');
      must(!stage.hasReached('pay ten'), 'the server was not reached before the answer');
      tell('the person', await stage.person('approve', await stage.question()));
      tell('another call', await stage.print(order('pay eleven'), '--continue'));
      must(!stage.hasReached('pay eleven'), 'the approval is for no other call');
      tell('the same call', await stage.print(order('pay ten'), '--continue'));
      must(stage.hasReached('pay ten'), 'the approved call was sent');
      const again = await stage.print(order('pay ten'), '--continue');
      tell('the same call once more', again);
      must(again.includes('[APPROVAL REQUIRED]'), 'an approval is used once');
    },
  };
}

export const SCENES: readonly Scene[] = [
  allowed('http', 'modern'),
  allowed('http', 'legacy'),
  allowed('stdio', 'modern'),
  allowed('stdio', 'legacy'),
  task('http', 'approve'),
  task('http', 'deny'),
  held('http', 'modern', 'approve'),
  held('http', 'modern', 'deny'),
  held('http', 'legacy', 'approve'),
  dialog('http', 'approved elsewhere'),
  dialog('http', 'declined'),
  dialog('http', 'interrupted'),
  ticket('http'),
  task('stdio', 'approve'),
  held('stdio', 'modern', 'approve'),
  dialog('stdio', 'approved elsewhere'),
  dialog('stdio', 'declined'),
];
