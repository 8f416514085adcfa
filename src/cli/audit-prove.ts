import type { AuditLog, StoredLink } from '../gateway/audit/audit-ports.ts';
import { sealText } from '../gateway/audit/seal.ts';
import { EMPTY, inclusionPath } from '../gateway/audit/tree.ts';
import { GENESIS } from '../gateway/audit-link.ts';
import { quoted } from '../policy/problem.ts';
import { visible } from '../settings/visible.ts';
import { writeOut } from './audit-file.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { linksWith } from './links-with.ts';
import { TREE_HASH } from './log-crypto.ts';
import { onlyWord } from './operands.ts';
import { proofText, type RecordProof } from './proof-file.ts';
import { readSeals, type SealBook } from './seal-book.ts';
import { PROVE_HELP } from './usage.ts';
import { treeAt } from './verify-log.ts';
import type { World } from './world.ts';

export const auditProve: Command = {
  name: 'audit prove',
  options: { data: 'text', out: 'text' },
  help: PROVE_HELP,
  async run(options, world) {
    const id = onlyWord(options, 'ID');
    const folder = dataFolder(options, world);
    const log = await world.openLog(folder);
    try {
      await log.freeze();
      const seals = log.seals();
      if (seals === undefined)
        return refuse(world, 'nothing is signed in a log of this version; start the gateway once');
      const book = await readSeals(seals);
      const links = await linksIn(folder, id, log, world);
      if (links.length === 0)
        return refuse(world, `there is no record ${quoted(id)}; toolgate audit list shows the ids of what is there`);
      const proofs: RecordProof[] = [];
      for (const link of links) {
        const proof = await proofOf(log, book, link);
        if (typeof proof === 'string') return refuse(world, `record ${link.seq} of writer ${link.writer}: ${proof}`);
        proofs.push(proof);
      }
      await writeOut(options, proofText({ keys: book.keys, records: proofs }), world);
      return GOOD;
    } finally {
      await log.close();
    }
  },
};

async function linksIn(folder: string, id: string, log: AuditLog, world: World): Promise<readonly StoredLink[]> {
  const search = await world.openSearch(folder);
  try {
    return await linksWith(id, search, log);
  } finally {
    await search.close();
  }
}

function refuse(world: World, why: string): number {
  world.stderr.write(`toolgate audit prove: ${visible(why)}\n`);
  return NO;
}

/** A text says why there is none. */
async function proofOf(log: AuditLog, book: SealBook, link: StoredLink): Promise<RecordProof | string> {
  const checkpoint = book.checkpoints.get(link.writer)?.at(-1);
  if (checkpoint === undefined || checkpoint.size < link.seq) {
    if (book.fault !== undefined) return `checkpoint ${book.fault.checkpoint} is broken: ${book.fault.what}`;
    return 'no checkpoint covers it yet; the gateway signs the next one soon, and at its end or next start';
  }
  const gone = book.retentions.get(link.writer)?.at(-1);
  if (gone !== undefined && link.seq <= gone.size)
    return `retention signed it away, in seal ${gone.n}, and is about to remove it`;
  const begin = gone === undefined ? EMPTY : treeAt(gone.checkpoint);
  const leaves: string[] = [];
  let previous = gone?.head ?? GENESIS;
  for await (const { seq, hash } of log.linksOf(link.writer)) {
    if (seq <= begin.size) continue;
    if (seq > checkpoint.size) break;
    if (seq === link.seq - 1) previous = hash;
    leaves.push(TREE_HASH.leaf(hash));
  }
  if (begin.size + leaves.length !== checkpoint.size)
    return `records that checkpoint ${checkpoint.n} covers are missing; toolgate audit verify tells more`;
  const { hash: _hash, ...rest } = link;
  const signed = { body: sealText(checkpoint), signature: checkpoint.signature };
  return { link: rest, previous, path: inclusionPath(begin, leaves, link.seq - 1, TREE_HASH), checkpoint: signed };
}
