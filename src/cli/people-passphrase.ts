import { hashPassphrase, MAX_PASSPHRASE, MIN_PASSPHRASE } from '../settings/passphrase.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { noWords } from './operands.ts';
import type { World } from './world.ts';

const HELP = `Usage: toolgate people passphrase

Asks for a new passphrase, twice and without showing it, and prints what to put into the configuration under
"people" and the person's name: its hash, from which the passphrase can only be guessed. Without a terminal it is the
first line of the standard input. At least ${MIN_PASSPHRASE} characters; a few words that nobody would put together are best.
Exit code 0: printed. 1: not, and why.
`;

export const peoplePassphrase: Command = {
  name: 'people passphrase',
  options: {},
  help: HELP,
  async run(options, world) {
    noWords(options);
    const typed = await typedTwice(world);
    if (typed.kind === 'unfit') {
      world.stderr.write(`toolgate people passphrase: ${typed.reason}\n`);
      return NO;
    }
    world.stdout.write(`"passphrase": "${await hashPassphrase(typed.text)}"\n`);
    return GOOD;
  },
};

type Typed = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unfit'; readonly reason: string };

/** Nobody sees what they type, so a person types it twice. */
async function typedTwice({ prompt }: World): Promise<Typed> {
  const text = await prompt.hidden('New passphrase: ');
  if (text === undefined) return { kind: 'unfit', reason: 'no passphrase was given; nothing was made' };
  const reason = whyUnfit(text);
  if (reason !== undefined) return { kind: 'unfit', reason };
  if (!prompt.isTerminal || (await prompt.hidden('The same again: ')) === text) return { kind: 'text', text };
  return { kind: 'unfit', reason: 'the two are not the same; nothing was made' };
}

function whyUnfit(text: string): string | undefined {
  const { length } = [...text.normalize('NFC')];
  if (length < MIN_PASSPHRASE) {
    return `a passphrase has at least ${MIN_PASSPHRASE} characters; take a few words more`;
  }
  if (text.length > MAX_PASSPHRASE) return `a passphrase has at most ${MAX_PASSPHRASE} characters; take a shorter one`;
  if (/[\p{Cc}\ufffd]/u.test(text)) {
    return 'it holds a control character, or one that is not UTF-8, which cannot be typed everywhere; leave it out';
  }
  return undefined;
}
