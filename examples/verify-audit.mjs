#!/usr/bin/env node
// Checks a log of Toolgate without Toolgate: one file, nothing but Node's own modules (24 or newer). Written from docs/reference/audit-format.md.
//
//   node verify-audit.mjs DATA-FOLDER [--public-key FILE.pub] [--against HEAD.json]
//   node verify-audit.mjs --proof PROOF.json --public-key FILE.pub
//
// Prints "ok …" (exit code 0), or a line "broken: …" for each fault that it finds (exit code 1).
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const NOTHING = '0'.repeat(64);
const CHECKPOINT = ['at', 'format', 'head', 'key', 'n', 'previous', 'root', 'size', 'writer'];
const INTRODUCTION = ['at', 'format', 'key', 'n', 'next', 'previous', 'public'];
// SPKI of an Ed25519 key is this, and then its 32 bytes.
const SPKI = '302a300506032b6570032100';

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const bytes = (hex) => Buffer.from(hex, 'hex');
const leafHash = (link) => sha(bytes('00'), bytes(link));
const nodeHash = (left, right) => sha(bytes('01'), bytes(left), bytes(right));
const isHex = (value, length) => typeof value === 'string' && value.length === length && /^[0-9a-f]*$/.test(value);
const isWhole = (value) => Number.isSafeInteger(value) && value >= 0;

function linkHash(previous, { writer, seq, id, kind, at, limits, body }) {
  return sha([previous, writer, seq, id, kind, at, limits, body].join('\n'));
}

function signedBy(key, body, signature) {
  if (!isHex(key, 64) || !isHex(signature, 128)) return false;
  try {
    const spki = createPublicKey({ key: bytes(SPKI + key), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(body), spki, bytes(signature));
  } catch {
    return false;
  }
}

/** The seal in a text; undefined unless the text is exactly what the format says. */
function sealIn(text) {
  let seal;
  try {
    seal = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof seal !== 'object' || seal === null) return undefined;
  const keys = {
    'toolgate-checkpoint-1': CHECKPOINT,
    'toolgate-retention-1': CHECKPOINT,
    'toolgate-key-1': INTRODUCTION,
  }[seal.format];
  if (keys === undefined || JSON.stringify(Object.fromEntries(keys.map((key) => [key, seal[key]]))) !== text)
    return undefined;
  const isFit = (key) => {
    if (key === 'format') return true;
    if (key === 'writer') return isHex(seal.writer, 32);
    return ['at', 'n', 'size'].includes(key) ? isWhole(seal[key]) : isHex(seal[key], 64);
  };
  return keys.every(isFit) ? seal : undefined;
}

/** A tree that grows like a binary counter: at index k the root of a full subtree of 2^k leaves, or nothing. */
class Tree {
  levels = [];

  /** The tree of which a frontier is kept, or undefined if it is not one of so many leaves. */
  static of(size, frontier) {
    const tree = new Tree();
    let rest = frontier;
    for (let k = 52; k >= 0; k -= 1) {
      if (Math.floor(size / 2 ** k) % 2 === 0) continue;
      tree.levels[k] = rest.slice(0, 64);
      rest = rest.slice(64);
      if (!isHex(tree.levels[k], 64)) return undefined;
    }
    return rest === '' ? tree : undefined;
  }

  add(leaf) {
    let carry = leaf;
    let k = 0;
    for (; this.levels[k] !== undefined; k += 1) {
      carry = nodeHash(this.levels[k], carry);
      this.levels[k] = undefined;
    }
    this.levels[k] = carry;
  }

  subtrees() {
    return this.levels.filter((root) => root !== undefined).reverse();
  }

  root() {
    return this.subtrees().reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The root over an inclusion path, straight from the tree's definition: the left side holds the greatest power of two. */
function rootAlong(leaf, index, size, path) {
  if (size === 1) return path.length === 0 ? leaf : undefined;
  let half = 1;
  while (half * 2 < size) half *= 2;
  const beside = path.at(-1);
  if (!isHex(beside, 64)) return undefined;
  const rest = path.slice(0, -1);
  const isLeft = index < half;
  const inner = isLeft ? rootAlong(leaf, index, half, rest) : rootAlong(leaf, index - half, size - half, rest);
  if (inner === undefined) return undefined;
  return isLeft ? nodeHash(inner, beside) : nodeHash(beside, inner);
}

/** Checks the log in an open database; adds a line for each fault. */
export function checkLog(db, faults) {
  const checkpoints = new Map();
  const covered = new Set();
  const wordsOf = ({ writer, size, head, root }) => [writer, size, head, root].join();
  const retentions = new Map();
  const seals = [];
  const publics = new Map();
  const signers = new Set();
  let [previous, inForce] = [NOTHING, undefined];
  for (const row of db.prepare('SELECT * FROM seal ORDER BY n').iterate()) {
    const n = seals.length + 1;
    const why = sealFault(row, n);
    if (why !== undefined) {
      faults.push(`checkpoint ${n}: ${why}`);
      break;
    }
  }
  const writers = db.prepare('SELECT n, id FROM writer').all();
  const names = new Map(writers.map(({ n, id }) => [n, id]));
  const gone = new Map();
  let removed = 0;
  for (const { writer, seq, hash } of db.prepare('SELECT * FROM removed').all()) {
    const name = names.get(writer);
    const signed = retentions.get(name)?.at(-1)?.size ?? 0;
    if (name === undefined) faults.push(`records of writer number ${writer} were removed, and it has no row`);
    else if (!isWhole(seq) || seq > signed) faults.push(`writer ${name}, record ${signed + 1}: it is missing`);
    else {
      gone.set(name, { seq, hash });
      removed += seq;
    }
  }
  let records = 0;
  let writer;
  let chain;
  for (const row of db.prepare('SELECT * FROM record ORDER BY writer, seq').iterate()) {
    records += 1;
    if (row.writer !== writer) {
      finish();
      writer = row.writer;
      chain = begin(names.get(writer) ?? `number ${writer} without a row`);
    }
    if (!chain.broken) follow(row);
  }
  finish();
  // Of these no record is there: retention may have removed all.
  for (const name of [...checkpoints.keys(), ...gone.keys()]) {
    chain = begin(name);
    finish();
  }
  if (seals.length === 0 && records > 0 && faults.length === 0) faults.push('nothing is signed');
  return { records, seals, signers, removed };

  function sealFault(row, n) {
    const seal = sealIn(row.body);
    if (row.n !== n) return 'it is missing';
    if (seal === undefined) return 'it has not the form of a seal';
    if (seal.n !== n || seal.previous !== previous) return 'it does not follow the one before it';
    const isFirst = n === 1 && seal.next !== undefined && seal.next === seal.key;
    if (!isFirst && seal.key !== inForce) return 'it is not signed by the key in force';
    if (seal.next !== undefined && sha(bytes(seal.public)) !== seal.next)
      return 'it introduces another key than it names';
    if (!signedBy(isFirst ? seal.public : publics.get(seal.key), row.body, row.signature))
      return 'its signature is wrong';
    if (row.writer !== (seal.writer ?? null) || row.size !== (seal.size ?? 0))
      return 'its columns differ from its text';
    if (seal.next !== undefined) {
      if (row.frontier !== '') return 'it has a frontier';
      publics.set(seal.next, seal.public);
    } else if (seal.format === 'toolgate-retention-1') {
      if (row.frontier !== '') return 'it has a frontier';
      const own = retentions.get(seal.writer) ?? [];
      if (!covered.has(wordsOf(seal))) return 'it removes up to what no checkpoint signed';
      if (seal.size <= (own.at(-1)?.size ?? 0)) return 'it removes no more than the one before it';
      own.push(seal);
      retentions.set(seal.writer, own);
    } else {
      const own = checkpoints.get(seal.writer) ?? [];
      if (seal.size < Math.max(1, own.at(-1)?.size ?? 0)) return 'it covers less than the one before it';
      own.push({ ...seal, frontier: row.frontier });
      covered.add(wordsOf(seal));
      checkpoints.set(seal.writer, own);
    }
    signers.add(seal.key);
    previous = sha(`${row.body}\n${row.signature}`);
    inForce = seal.next ?? seal.key;
    seals.push({ body: row.body, signature: row.signature });
    return undefined;
  }

  /** A chain begins with its first link, or after the last one that retention removed. */
  function begin(name) {
    const { seq, hash } = gone.get(name) ?? { seq: 0, hash: NOTHING };
    const due = checkpoints.get(name) ?? [];
    checkpoints.delete(name);
    gone.delete(name);
    const fresh = { name, first: seq + 1, seq, hash, tree: seq === 0 ? new Tree() : undefined, due, broken: false };
    while (due.length > 0 && due[0].size <= seq) {
      const { n, size, head, root, frontier } = due.shift();
      const tree = Tree.of(size, frontier);
      fresh.tree = size === seq ? tree : undefined;
      if (tree?.root() === root && (size < seq || head === hash)) continue;
      faults.push(`writer ${name}, record ${size}: what is kept of it is not what checkpoint ${n} signed`);
      return { ...fresh, broken: true };
    }
    return fresh;
  }

  function follow(row) {
    const { name, seq, hash, due } = chain;
    const broken = (why) => {
      chain.broken = true;
      faults.push(`writer ${name}, record ${row.seq}: ${why}`);
    };
    if (row.seq !== seq + 1) return broken(`it follows record ${seq}`);
    if (linkHash(hash, { ...row, writer: name }) !== row.hash) return broken('its hash is wrong');
    chain.tree?.add(leafHash(row.hash));
    [chain.seq, chain.hash] = [row.seq, row.hash];
    for (; due[0]?.size === row.seq; due.shift()) {
      const { n, size, head, root, frontier } = due[0];
      // Between what was removed and the next checkpoint the tree is not known.
      chain.tree ??= Tree.of(size, frontier);
      const { tree } = chain;
      if (tree === undefined) return broken(`the frontier of checkpoint ${n} is wrong`);
      if (head !== row.hash || root !== tree.root()) return broken(`checkpoint ${n} signed something else`);
      if (frontier !== tree.subtrees().join('')) return broken(`the frontier of checkpoint ${n} is wrong`);
    }
    return undefined;
  }

  function finish() {
    if (chain === undefined || chain.broken || chain.due.length === 0) return;
    const what = chain.seq + 1 === chain.first ? 'it is missing' : 'it is cut off';
    faults.push(
      `writer ${chain.name}, record ${chain.seq + 1}: ${what}, and checkpoint ${chain.due.at(-1).n} signed it`,
    );
  }
}

export function checkHead(text, { seals }, faults) {
  const { format, body, signature, public: key } = JSON.parse(text);
  const seal = format === 'toolgate-head-1' ? sealIn(body) : undefined;
  if (seal === undefined || sha(bytes(key)) !== seal.key || !signedBy(key, body, signature)) {
    faults.push('the head is not genuine');
    return;
  }
  const own = seals[seal.n - 1];
  if (own === undefined) faults.push(`checkpoint ${seal.n}: the head is not reached`);
  else if (own.body !== body || own.signature !== signature) faults.push(`checkpoint ${seal.n}: it is not the head`);
}

export function checkProof(text, key, faults) {
  const { format, keys, records } = JSON.parse(text);
  if (format !== 'toolgate-proof-1' || !Array.isArray(keys) || !Array.isArray(records) || records.length === 0) {
    faults.push('this is no proof');
    return 0;
  }
  const trusted = new Map([[sha(bytes(key)), key]]);
  for (const { body, signature } of keys) {
    const seal = sealIn(body);
    if (seal?.next === undefined || !signedBy(trusted.get(seal.key), body, signature)) continue;
    if (sha(bytes(seal.public)) === seal.next) trusted.set(seal.next, seal.public);
  }
  for (const record of records) {
    const { writer, seq, id, previous, path, checkpoint } = record;
    const seal = sealIn(checkpoint.body);
    const isSigned =
      seal?.format === 'toolgate-checkpoint-1' &&
      signedBy(trusted.get(seal.key), checkpoint.body, checkpoint.signature);
    const isInside =
      isSigned && seal.writer === writer && isWhole(seq) && seq >= 1 && seq <= seal.size && isHex(previous, 64);
    const leaf = isInside ? leafHash(linkHash(previous, record)) : undefined;
    if (leaf === undefined || rootAlong(leaf, seq - 1, seal.size, path) !== seal.root) {
      faults.push(`writer ${writer}, record ${seq} (${id}): not proved`);
    }
  }
  return records.length;
}

function publicKeyIn(file) {
  const der = createPublicKey(readFileSync(file)).export({ format: 'der', type: 'spki' }).toString('hex');
  if (!der.startsWith(SPKI)) throw new Error(`${file} is no Ed25519 key`);
  return der.slice(SPKI.length);
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { 'public-key': { type: 'string' }, against: { type: 'string' }, proof: { type: 'string' } },
    allowPositionals: true,
  });
  const key = values['public-key'] === undefined ? undefined : publicKeyIn(values['public-key']);
  const faults = [];
  let told;
  if (values.proof !== undefined) {
    if (key === undefined) throw new Error('--proof needs --public-key');
    told = `${checkProof(readFileSync(values.proof, 'utf8'), key, faults)} records proved`;
  } else {
    const [folder] = positionals;
    if (folder === undefined) throw new Error('which data folder?');
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(folder, 'toolgate.db'), { readOnly: true });
    // All of one moment: a gateway that runs beside this may write, and remove.
    db.exec('BEGIN');
    const log = checkLog(db, faults);
    db.close();
    if (key !== undefined && !log.signers.has(sha(bytes(key))))
      faults.push('the public key signed nothing in this log');
    if (values.against !== undefined) checkHead(readFileSync(values.against, 'utf8'), log, faults);
    const gone = log.removed === 0 ? '' : `, ${log.removed} records removed by retention`;
    told = `${log.records} records, ${log.seals.length} seals${gone}`;
  }
  for (const fault of faults) console.log(`broken: ${fault}`);
  if (faults.length === 0) console.log(`ok: ${told}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  await main().catch((error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
