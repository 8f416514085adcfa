import { must, payment, type Scene, TEXT, type Tell } from './scenes.ts';
import type { Stage } from './stage.ts';
import { pause, type Terminal } from './terminal.ts';

type Part = (stage: Stage, terminal: Terminal, id: string, tell: Tell) => Promise<void>;

/** The person at the terminal orders a call that somebody is asked about; then comes what `part` tells. */
function inTerminal(name: string, says: string, set: Scene['set'], asked: RegExp, part: Part): Scene {
  return {
    name: `${name}-${set.front}-${set.era}`,
    says,
    set,
    async play(stage, tell) {
      const terminal = await stage.open();
      await terminal.order(payment(stage));
      const id = await stage.question();
      await terminal.shows(asked, 20);
      await pause(1_000);
      tell('asked', terminal.screen());
      must(!stage.hasReached(TEXT), 'the server was not reached before the answer');
      await part(stage, terminal, id, tell);
    },
  };
}

/** A task of the Tasks extension: the model goes on, and hears of the end. */
function task(name: string, says: string, more: Partial<Scene['set']>, part: Part): Scene {
  return inTerminal(`task-${name}`, says, { front: 'http', era: 'modern', ...more }, /answer later/, part);
}

/** A session has no tasks: a dialog, and the call held behind it. */
function dialog(name: string, says: string, more: Partial<Scene['set']>, part: Part): Scene {
  return inTerminal(`dialog-${name}`, says, { front: 'http', era: 'legacy', ...more }, /Decline/, part);
}

const approvedElsewhere: Part = async (stage, terminal, id, tell) => {
  tell('the person', await stage.person('approve', id));
  tell('answered', await terminal.shows(/(said|told): pay seven/, 30));
  must(stage.hasReached(TEXT), 'the approved call was sent');
};

const approvedFromAfar: Part = async (stage, terminal, id, tell) => {
  tell('the person, by the API', await stage.personFromAfar('show', id));
  tell('the person, by the API', await stage.personFromAfar('approve', id));
  tell('answered', await terminal.shows(/(said|told): pay seven/, 30));
  must(stage.hasReached(TEXT), 'the approved call was sent');
};

/** While its dialog is open Claude Code does not ask how the task is. */
const later =
  (part: Part): Part =>
  async (stage, terminal, id, tell) => {
    terminal.press('Escape');
    await pause(1_000);
    await part(stage, terminal, id, tell);
  };

const denied: Part = async (stage, terminal, id, tell) => {
  tell('the person', await stage.person('deny', id, '--reason', 'seven is my number'));
  tell('answered', await terminal.shows(/POLICY DENIED/, 30));
  must(!stage.hasReached(TEXT), 'a denied call was not sent');
};

const declined: Part = async (stage, terminal, _id, tell) => {
  await terminal.choose('Decline');
  tell('declined', await terminal.shows(/POLICY DENIED/, 30));
  must(!stage.hasReached(TEXT), 'a declined call was not sent');
};

const ticked: Part = async (stage, terminal, _id, tell) => {
  terminal.press('Space');
  await pause(500);
  await terminal.choose('Accept');
  tell('ticked and accepted', await terminal.shows(/(said|told): pay seven/, 30));
  must(stage.hasReached(TEXT), 'the approved call was sent');
};

const edited: Part = async (stage, terminal, id, tell) => {
  tell('the person', await stage.person('approve', id, '--args', '{"text":"pay five"}'));
  tell('answered', await terminal.shows(/pay five/, 30));
  must(stage.hasReached('pay five') && !stage.hasReached(TEXT), 'the edited call was sent, and no other');
};

const expired: Part = async (stage, terminal, _id, tell) => {
  tell('nobody answered', await terminal.shows(/told: |said: \[/, 60));
  must(!stage.hasReached(TEXT), 'an expired call was not sent');
};

const crashed: Part = async (stage, terminal, id, tell) => {
  await stage.crash();
  tell('the person', await stage.person('approve', id));
  tell('answered', await terminal.shows(/(said|told): pay seven/, 60));
  must(stage.hasReached(TEXT), 'the approved call was sent');
};

const interrupted: Part = async (stage, terminal, id, tell) => {
  for (let presses = 0; presses < 2; presses++) {
    terminal.press('Escape');
    await pause(2_000);
  }
  tell('interrupted', terminal.screen());
  tell('the person', await stage.person('approve', id));
  await pause(3_000);
  must(!stage.hasReached(TEXT), 'nothing is sent for a client that went away');
  await terminal.order(payment(stage));
  tell('ordered again', await terminal.shows(/said: pay seven/, 20));
};

/** The task itself is told of only where one goes to look. */
const looked: Part = async (stage, terminal, id, tell) => {
  terminal.press('Down');
  await pause(1_000);
  terminal.press('Enter');
  await pause(1_000);
  tell('what it shows of the task', terminal.screen());
  terminal.press('Escape');
  tell('what the person sees', await stage.person('show', id));
  await approvedElsewhere(stage, terminal, id, tell);
};

const doneAfter: Part = async (stage, terminal, id, tell) => {
  tell('the person', await stage.person('approve', id));
  await pause(8_000);
  tell(
    'the dialog still open, eight seconds later',
    stage.hasReached(TEXT) ? 'the call was sent' : 'nothing was sent yet',
  );
  await terminal.choose("I'm done, continue");
  tell('continued', await terminal.shows(/told: pay seven/, 30));
  must(stage.hasReached(TEXT), 'the approved call was sent');
};

/** To have looked at the page is not to have approved. */
const doneBefore: Part = async (stage, terminal, id, tell) => {
  await terminal.choose("I'm done, continue");
  await pause(8_000);
  tell('continued', terminal.screen());
  must(!stage.hasReached(TEXT), 'the server was not reached before the answer');
  await approvedElsewhere(stage, terminal, id, tell);
};

const stopped: Part = async (stage, terminal, id, tell) => {
  for (const key of ['Down', 'Enter', 'x']) {
    terminal.press(key);
    await pause(1_000);
  }
  tell('stopped', terminal.screen());
  await pause(3_000);
  tell('the person', await stage.person('approve', id));
  await pause(5_000);
  must(!stage.hasReached(TEXT), 'a stopped call was not sent');
};

const left: Part = async (stage, terminal, id, tell) => {
  terminal.stop();
  tell('the person', await stage.person('approve', id));
  await pause(5_000);
  must(!stage.hasReached(TEXT), 'nothing was sent for a client that is gone');
  tell('the same call by claude -p', await stage.print(payment(stage)));
  must(stage.hasReached(TEXT), 'the approved call was sent');
};

/** After two minutes Claude Code lets its model go on, and the call stays open behind it. */
const backgrounded: Part = async (stage, terminal, id, tell) => {
  tell('after two minutes', await terminal.shows(/moved to the background/, 150));
  await approvedElsewhere(stage, terminal, id, tell);
};

/** Claude Code with a person in front of it. */
export const AT_A_TERMINAL: readonly Scene[] = [
  task('approved', 'the dialog is put off, and the call approved elsewhere', {}, later(approvedElsewhere)),
  task('denied', 'the dialog is put off, and the call denied elsewhere', {}, later(denied)),
  task('declined', 'the dialog is declined', {}, declined),
  task('done-after', 'approved elsewhere while the dialog is open, which is then closed', {}, doneAfter),
  task('done-before', 'the dialog is closed before anybody answered', {}, doneBefore),
  task('stopped', 'the person at the terminal stops the task', {}, later(stopped)),
  task('left', 'Claude Code is ended while its task waits', {}, left),
  task('edited', 'an approver changes the arguments', {}, later(edited)),
  task('expired', 'nobody answers', { timeout: '15s' }, later(expired)),
  task('looked-at', 'the dialog is put off, and the task looked at', {}, later(looked)),
  task('crash', 'the gateway is killed while a task waits', {}, later(crashed)),
  task(
    'approved',
    'the same over all servers at one address',
    { front: 'joined', era: 'legacy' },
    later(approvedElsewhere),
  ),
  task('ticked', 'the local user answers the form', { front: 'stdio' }, ticked),
  task('declined', 'the local user declines the form', { front: 'stdio' }, declined),
  task('denied', 'the form is put off, and the call denied elsewhere', { front: 'stdio' }, later(denied)),
  dialog('approved', 'approved elsewhere while the dialog is open', {}, approvedElsewhere),
  dialog('api', 'approved by the API while the dialog is open', {}, approvedFromAfar),
  dialog('declined', 'the dialog is declined', {}, declined),
  dialog('interrupted', 'the call is interrupted, then approved, then ordered again', {}, interrupted),
  dialog('backgrounded', 'nobody answers for two minutes', {}, later(backgrounded)),
  dialog('expired', 'nobody answers', { timeout: '15s' }, expired),
  dialog('ticked', 'the local user answers the form', { front: 'stdio' }, ticked),
  dialog('declined', 'the local user declines the form', { front: 'stdio' }, declined),
  dialog('approved', 'approved elsewhere while the form is open', { front: 'stdio' }, approvedElsewhere),
];
