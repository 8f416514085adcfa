import type { Finding } from '../../catalogue/findings/finding.ts';
import { findingsInText } from '../../catalogue/findings/findings-in.ts';

/** Texts that are remembered; whoever has more begins anew. */
const MOST = 100;
/** New texts of one server that are told of in a minute. */
const MOST_IN_A_MINUTE = 6;
const MINUTE_MS = 60_000;

/** What was heard of a text: `isNews` the first time, within bounds. */
export interface HeardText {
  readonly findings: readonly Finding[];
  readonly isNews: boolean;
}

/** What a server said of itself to this process, by digests: told once each, and a server that always says something else cannot fill the log. */
export class HeardTexts {
  readonly #known = new Map<string, readonly Finding[]>();
  #minute = Number.NEGATIVE_INFINITY;
  #news = 0;

  /** `now`: ms that never run backwards. */
  hear(text: string, digest: string, now: number): HeardText {
    const known = this.#known.get(digest);
    if (known !== undefined) return { findings: known, isNews: false };
    const findings = findingsInText(text);
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(digest, findings);
    if (findings.length === 0) return { findings, isNews: false };
    if (now - this.#minute >= MINUTE_MS) {
      this.#minute = now;
      this.#news = 0;
    }
    this.#news++;
    return { findings, isNews: this.#news <= MOST_IN_A_MINUTE };
  }
}
