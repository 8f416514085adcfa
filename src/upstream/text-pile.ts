/** A text that comes piece by piece. Many small pieces take no more room than one large one. */
export interface TextPile {
  readonly length: number;
  add(piece: string): void;
  /** Everything so far; the pile is empty then. */
  take(): string;
}

/** Small pieces are joined once there is so much of them: each costs many times its text until then. */
const BLOCK = 65_536;

export function textPile(): TextPile {
  let blocks: string[] = [];
  let recent: string[] = [];
  let recentLength = 0;
  let length = 0;

  return {
    get length() {
      return length;
    },
    add(piece) {
      if (piece === '') return;
      recent.push(piece);
      recentLength += piece.length;
      length += piece.length;
      if (recentLength < BLOCK) return;
      blocks.push(recent.join(''));
      recent = [];
      recentLength = 0;
    },
    take() {
      if (length === 0) return '';
      const all = [...blocks, ...recent].join('');
      blocks = [];
      recent = [];
      recentLength = 0;
      length = 0;
      return all;
    },
  };
}
