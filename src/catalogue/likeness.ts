import { edits } from '../policy/nearest.ts';
import { looseSkeletonOf, skeletonOf } from './findings/skeleton.ts';

/** What a package or a server's name is taken for, and what it is. */
export type Likeness =
  | { readonly kind: 'known'; readonly server: string }
  /** `why` is a whole sentence without the full stop. */
  | { readonly kind: 'alike'; readonly server: string; readonly why: string }
  | { readonly kind: 'strange' };

/** Shorter names have too many neighbours. */
const SHORTEST = 5;
const LONGEST = 214;

/** Whether a package such as `npm:@playwright/mcp` is one of those known, or only looks like one. */
export function likenessOf(name: string, packages: ReadonlyMap<string, string>): Likeness {
  const exact = packages.get(name);
  if (exact !== undefined) return { kind: 'known', server: exact };
  if (name.length > LONGEST) return { kind: 'strange' };
  const [kind, own] = parted(name);
  for (const [known, server] of packages) {
    const [knownKind, knownOwn] = parted(known);
    const why = whyAlike(own, knownOwn, kind === knownKind);
    if (why !== undefined) return { kind: 'alike', server, why: `${name} ${why} ${known}` };
  }
  return { kind: 'strange' };
}

function whyAlike(own: string, known: string, isSameKind: boolean): string | undefined {
  if (own === known) return isSameKind ? undefined : 'has the name, in another registry, of the known package';
  const [drawn, knownDrawn] = [skeleton(own), skeleton(known)];
  if (drawn === knownDrawn) return 'looks like, and is not, the known package';
  const [words, knownWords] = [tellingWords(own), tellingWords(known)];
  if (words !== '' && (words === knownWords || words === tellingWords(withoutScope(known)))) {
    return 'goes by the same words as, and is not, the known package';
  }
  if (Math.min(drawn.length, knownDrawn.length) < SHORTEST) return undefined;
  const allowed = knownDrawn.length >= 12 ? 2 : 1;
  if (Math.abs(drawn.length - knownDrawn.length) > allowed) return undefined;
  return edits(drawn, knownDrawn) <= allowed ? 'is spelled nearly like, and is not, the known package' : undefined;
}

/** The words of a name that say which server it is, whatever their order. */
function tellingWords(name: string): string {
  const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words
    .filter((word) => word !== '' && word !== 'mcp' && word !== 'server')
    .sort()
    .join(' ');
}

function withoutScope(name: string): string {
  return name.replace(/^@[^/]*\//, '');
}

/** What is known under, or nearly under, the last part of a server's name in the registry, such as `github` of `io.github.somebody/github`. */
export function namesakeOf(name: string, servers: readonly string[]): string | undefined {
  const own = name.slice(name.indexOf('/') + 1);
  const bare = skeleton(own.replace(/(?:^|[-_.])(?:mcp|server)(?=$|[-_.])/gi, ''));
  return (
    servers.find((server) => [bare, skeleton(own)].includes(skeleton(server))) ??
    servers.find((server) => server.length > SHORTEST && edits(bare, skeleton(server)) === 1)
  );
}

/** `npm` and `@playwright/mcp`. */
function parted(name: string): readonly [string, string] {
  const at = name.indexOf(':');
  return [name.slice(0, at), name.slice(at + 1)];
}

/** What a name looks like without what separates its words, with what spells it in digits read as letters. */
function skeleton(name: string): string {
  return skeletonOf(looseSkeletonOf(name)).toLowerCase().replace(/l/g, 'i').replace(/3/g, 'e').replace(/5/g, 's');
}
