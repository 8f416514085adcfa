import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Terminal {
  /** What a person would see now, as text. */
  screen(): string;
  /** Types a text and sends it off. */
  order(text: string): Promise<void>;
  /** Presses a key by its name in tmux, such as `Enter` or `Escape`. */
  press(key: string): void;
  /** Goes to a button of the dialog, and presses it. */
  choose(button: string): Promise<void>;
  /** Waits until the screen shows it; rejects with the screen when it does not in time. */
  shows(what: RegExp, seconds: number): Promise<string>;
  stop(): void;
}

interface Seat {
  /** Holds the socket of this terminal's own tmux. */
  readonly folder: string;
  readonly cwd: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Runs a program in a terminal of its own, which is read as text. */
export function openTerminal(command: readonly string[], seat: Seat): Terminal {
  const socket = join(seat.folder, 'tmux');
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const given = Object.entries({ ...seat.env, TERM: 'screen-256color' }).map(([name, value]) => `${name}=${value}`);
  tmux('new-session', '-d', '-x', '120', '-y', '45', '-c', seat.cwd, 'env', '-i', ...given, ...command);
  tmux('set-option', '-g', 'remain-on-exit', 'on');
  const screen = (): string => tmux('capture-pane', '-p').trimEnd();
  let isOver = false;
  const press = (key: string): void => void tmux('send-keys', key);
  return {
    screen,
    async order(text) {
      tmux('send-keys', '-l', text);
      // In one go with the text it would be a line break that was pasted.
      await pause(500);
      tmux('send-keys', 'Enter');
    },
    press,
    async choose(button) {
      for (let presses = 0; !screen().includes(`❯ ${button}`); presses++) {
        if (presses > 5) throw new Error(`there is no ${button}\n${screen()}`);
        press(/↑\/↓ to navigate/.test(screen()) && !/❯ (Accept|Decline)/.test(screen()) ? 'Down' : 'Right');
        await pause(400);
      }
      press('Enter');
    },
    async shows(what, seconds) {
      const until = Date.now() + seconds * 1000;
      for (;;) {
        const seen = screen();
        if (what.test(seen)) return seen;
        if (Date.now() > until) throw new Error(`the screen did not show ${what} within ${seconds} s\n${seen}`);
        await pause(200);
      }
    },
    stop() {
      if (!isOver) tmux('kill-server');
      isOver = true;
    },
  };
}
