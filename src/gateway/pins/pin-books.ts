import type { Clock } from '../ports.ts';
import type { ClassifyTool } from './kept-class.ts';
import { PinBook, type PinBookOptions } from './pin-book.ts';
import type { PinMode } from './pin-mode.ts';

export interface PinBooksOptions extends Omit<PinBookOptions, 'server' | 'mode' | 'clock' | 'classifier'> {
  readonly clock: Clock;
  /** As the configuration in force says of the server. */
  mode(server: string): PinMode;
  /** What definitions of this server can do. */
  classifier(server: string): Promise<ClassifyTool>;
  /** Other definitions of this server's tools are accepted now: whoever knows its list is to ask for it anew. */
  onChange(server: string): void;
}

/** The pins of all servers as this process knows them. */
export class PinBooks {
  readonly #options: PinBooksOptions;
  readonly #books = new Map<string, PinBook>();
  #isBroken = false;

  constructor(options: PinBooksOptions) {
    this.#options = options;
  }

  of(server: string): PinBook {
    const known = this.#books.get(server);
    if (known !== undefined) return known;
    const { mode, classifier } = this.#options;
    const book = new PinBook({
      ...this.#options,
      server,
      mode: () => mode(server),
      classifier: () => classifier(server),
    });
    this.#books.set(server, book);
    return book;
  }

  /** Takes up what other processes accepted. Never rejects: what is known stays in force while the store cannot be asked. */
  async look(): Promise<void> {
    const { store, onChange, log } = this.#options;
    try {
      if (this.#books.size === 0) return;
      const editions = await store.pinEditions();
      for (const [server, book] of this.#books) {
        if ((await book.takeUp(editions.get(server) ?? 0)) === 'changed') onChange(server);
      }
      this.#isBroken = false;
    } catch (fault) {
      if (!this.#isBroken)
        log(`what was accepted elsewhere cannot be read: ${fault instanceof Error ? fault.message : fault}`);
      this.#isBroken = true;
    }
  }

  /** Looks again and again; the answer stops it. */
  watch(everyMs: number): () => void {
    let isStopped = false;
    let cancel = (): void => {};
    const again = (): void => {
      if (isStopped) return;
      cancel = this.#options.clock.after(everyMs, () => void this.look().then(again));
    };
    again();
    return () => {
      isStopped = true;
      cancel();
    };
  }
}
