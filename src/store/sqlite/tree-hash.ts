import { hash } from 'node:crypto';
import type { TreeHash } from '../../gateway/audit/tree.ts';

/** The hashes of RFC 9162 by SHA-256. */
export const TREE_HASH: TreeHash = {
  leaf: (link) => hash('sha256', Buffer.from(`00${link}`, 'hex'), 'hex'),
  node: (left, right) => hash('sha256', Buffer.from(`01${left}${right}`, 'hex'), 'hex'),
};
