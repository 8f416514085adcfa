import { readSeal, type SignedText } from '../gateway/audit/seal.ts';
import { rootOfPath } from '../gateway/audit/tree.ts';
import { linkText } from '../gateway/audit-link.ts';
import { visible, visibleJson } from '../settings/visible.ts';
import type { JsonObject } from '../wire/json.ts';
import { GOOD, NO } from './exit-code.ts';
import { isSignedBy, keyId, sha256, TREE_HASH } from './log-crypto.ts';
import type { Options } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { type RecordProof, readProof } from './proof-file.ts';
import { timeOf } from './verify-log.ts';
import type { World } from './world.ts';

interface ProvedRecord extends RecordProof {
  /** Undefined when it is proved. */
  readonly what: string | undefined;
}

const HASH = /^[0-9a-f]{64}$/;

/** Checks every record of a proof under a key that is trusted (32 bytes in hex), without the log. Throws `UsageFault` for what is no proof. */
export function verifyProof(value: JsonObject, key: string): readonly ProvedRecord[] {
  const { keys, records } = readProof(value);
  const trusted = trustedKeys(keys, key);
  return records.map((record) => ({ ...record, what: faultOf(record, trusted) }));
}

/** Those that the trusted key introduced, and those that these did, by their ids. */
function trustedKeys(keys: readonly SignedText[], key: string): ReadonlyMap<string, string> {
  const trusted = new Map([[keyId(key), key]]);
  for (const { body, signature } of keys) {
    const seal = readSeal(body);
    const by = seal === undefined ? undefined : trusted.get(seal.key);
    if (seal?.kind !== 'key' || by === undefined || !isSignedBy(by, body, signature)) continue;
    if (keyId(seal.public) === seal.next) trusted.set(seal.next, seal.public);
  }
  return trusted;
}

function faultOf(
  { link, previous, path, checkpoint }: RecordProof,
  trusted: ReadonlyMap<string, string>,
): string | undefined {
  const seal = readSeal(checkpoint.body);
  if (seal?.kind !== 'checkpoint') return 'its checkpoint is not in the form of one';
  const key = trusted.get(seal.key);
  if (key === undefined) return `its checkpoint is signed by key ${seal.key}, which the trusted key does not vouch for`;
  if (!isSignedBy(key, checkpoint.body, checkpoint.signature)) return 'the signature of its checkpoint is wrong';
  if (seal.writer !== link.writer) return 'its checkpoint is of another writer';
  if (![previous, ...path].every((one) => HASH.test(one)) || !Number.isSafeInteger(link.seq) || link.seq < 1) {
    return 'its hashes are not in the form of hashes';
  }
  const leaf = TREE_HASH.leaf(sha256(linkText(previous, link)));
  const root = rootOfPath(leaf, { index: link.seq - 1, size: seal.size }, path, TREE_HASH);
  return root === seal.root ? undefined : 'it is not among the records that its checkpoint signed';
}

export function tellProof(records: readonly ProvedRecord[], options: Options, world: World): number {
  const isProved = records.every(({ what }) => what === undefined);
  if (options.flags.has('json')) {
    const told = records.map(({ link, what }) => ({ proved: what === undefined, why: what ?? null, ...link }));
    world.stdout.write(prettyJson({ ok: isProved, records: told }));
    return isProved ? GOOD : NO;
  }
  for (const { link, what } of records) {
    const place = `writer ${visible(link.writer)}, record ${link.seq} (${visible(link.id)})`;
    if (what !== undefined) world.stderr.write(`not proved: ${place}: ${what}\n`);
    else
      world.stdout.write(
        `proved: ${place}, ${visible(link.kind)} of ${timeOf(link.at)}\n  ${visibleJson(link.body)}\n`,
      );
  }
  return isProved ? GOOD : NO;
}
