import { DAY_MS } from '../settings/keep-bounds.ts';
import { visible } from '../settings/visible.ts';
import { objectOption, publicKeyOption } from './audit-file.ts';
import { type Checked, checkLog, type Wanted } from './check-log.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { readHead } from './head-file.ts';
import { noWords } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import type { Break, SealBook } from './seal-book.ts';
import { timeOption } from './time-option.ts';
import { VERIFY_HELP } from './usage.ts';
import { timeOf } from './verify-log.ts';
import { tellProof, verifyProof } from './verify-proof.ts';
import type { World } from './world.ts';

export const auditVerify: Command = {
  name: 'audit verify',
  options: { data: 'text', since: 'text', 'public-key': 'text', against: 'text', proof: 'text', json: 'flag' },
  help: VERIFY_HELP,
  async run(options, world) {
    noWords(options);
    const key = await publicKeyOption(options, world);
    const proof = await objectOption(options, 'proof', world);
    if (proof !== undefined) return tellProof(verifyProof(proof, keyFor(key, options)), options, world);
    const head = await objectOption(options, 'against', world);
    const wanted = {
      since: timeOption(options, 'since', world.now()),
      key,
      head: head === undefined ? undefined : readHead(head),
    };
    const log = await world.openLog(dataFolder(options, world));
    try {
      const checked = await checkLog(log, wanted);
      if (options.flags.has('json')) world.stdout.write(prettyJson(jsonOf(checked, wanted)));
      else tell(checked, wanted, world);
      return checked.breaks.length > 0 ? NO : GOOD;
    } finally {
      await log.close();
    }
  },
};

/** A proof stands alone: without a key from outside it would vouch for itself. */
function keyFor(key: string | undefined, { texts }: Options): string {
  for (const other of ['against', 'since', 'data'])
    if (texts.has(other)) throw new UsageFault(`--proof needs no data folder: leave out --${other}`);
  if (key === undefined) throw new UsageFault('--proof needs --public-key: the key that you trust');
  return key;
}

function tell(checked: Checked, wanted: Wanted, world: World): void {
  for (const one of checked.breaks) world.stderr.write(`broken: ${placeOf(one)}${one.what}\n`);
  if (checked.breaks.length > 0) return;
  const { records, writers, signed, book } = checked;
  const since = wanted.since === undefined ? '' : ` since ${timeOf(wanted.since)}`;
  world.stdout.write(`ok: ${counted(records, 'record')}, ${counted(writers, 'writer')}${since}\n`);
  if (book?.last === undefined) {
    world.stdout.write('note: nothing is signed yet, so a tail that was cut off is not noticed\n');
    return;
  }
  tellGone(checked, wanted, world);
  const waiting = records - signed;
  const { n, at } = book.last.seal;
  world.stdout.write(
    `signed: ${signed} of them, by ${counted(book.count, 'checkpoint')}, the last ${n} of ${timeOf(at)}\n`,
  );
  if (waiting > 0)
    world.stdout.write(`note: ${counted(waiting, 'record')} came after the last checkpoint of the writer\n`);
  if (wanted.head === undefined && wanted.key === undefined) {
    world.stdout.write(
      'note: the keys are those of the data folder: whoever may write there could have made all of it anew; --against a head, or --public-key, kept elsewhere tells more\n',
    );
  } else if (wanted.head === undefined) {
    world.stdout.write(
      'note: a key does not tell whether the newest checkpoints were cut off; --against a head that was kept elsewhere does\n',
    );
  }
}

/** So that an auditor can hold it against what was promised. */
function tellGone({ gone, leaving, goneSinceHead, book }: Checked, { head }: Wanted, world: World): void {
  if (gone.length > 0) {
    const records = gone.reduce((sum, one) => sum + one.records, 0);
    const until = timeOf(gone.reduce((last, one) => Math.max(last, one.until), 0));
    const days = leastDays(book);
    world.stdout.write(
      `removed by retention: ${counted(records, 'record')} of ${counted(gone.length, 'writer')}, signed until ${until}, none before it was ${days} days old\n`,
    );
  }
  if (leaving > 0)
    world.stdout.write(`note: ${counted(leaving, 'record')} more should be removed; the next run of retention does\n`);
  if (head !== undefined && goneSinceHead > 0) {
    const were = goneSinceHead === 1 ? 'was' : 'were';
    world.stdout.write(
      `note: ${counted(goneSinceHead, 'record')} that the head covers ${were} removed by retention, signed after it\n`,
    );
  }
}

/** How old the youngest records were that a retention removed: from when they were signed. */
function leastDays(book: SealBook | undefined): number {
  let least = Infinity;
  for (const own of book?.retentions.values() ?? []) {
    for (const { at, checkpoint } of own) least = Math.min(least, at - checkpoint.at);
  }
  return Math.floor((least / DAY_MS) * 100) / 100;
}

function placeOf({ writer, seq, id, checkpoint }: Break): string {
  if (writer !== undefined && seq !== undefined) {
    return `writer ${visible(writer)}, record ${seq}${id === undefined ? '' : ` (${visible(id)})`}: `;
  }
  return checkpoint === undefined ? '' : `checkpoint ${checkpoint}: `;
}

function jsonOf(
  { records, writers, signed, breaks, book, gone, leaving, goneSinceHead }: Checked,
  { key, head }: Wanted,
): object {
  return {
    ok: breaks.length === 0,
    records,
    writers,
    signed,
    checkpoints: book?.count ?? 0,
    last: book?.last === undefined ? null : { checkpoint: book.last.seal.n, time: timeOf(book.last.seal.at) },
    removed: {
      records: gone.reduce((sum, one) => sum + one.records, 0),
      writers: gone.map(({ writer, records: count, until, at }) => ({
        writer,
        records: count,
        until: timeOf(until),
        time: timeOf(at),
      })),
      leastDays: gone.length === 0 ? null : leastDays(book),
      leaving,
      sinceHead: head === undefined ? null : goneSinceHead,
    },
    keys: [...(book?.signers.keys() ?? [])],
    trusted: { publicKey: key !== undefined, head: head !== undefined },
    broken: breaks.map(({ writer = null, seq = null, id = null, checkpoint = null, what }) => ({
      writer,
      record: seq,
      id,
      checkpoint,
      what,
    })),
  };
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
