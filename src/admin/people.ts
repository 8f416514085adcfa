import type { Person } from '../gateway/approvals/quorum.ts';

/** Somebody of the configuration as it is in force now. */
export interface KnownPerson {
  readonly person: Person;
  /** A mark of the token and the passphrase that the person has now: another one once either is changed. Not for pages. */
  readonly credential: string;
}

/** Who people are. What is asked here holds at this moment only. */
export interface People {
  /**
   * Whose token this is; with a name, whether it is that person's passphrase, which takes its time. With the mark of the very credential that
   * was tried.
   */
  identify(secret: string, name?: string): Promise<KnownPerson | undefined>;
  personOf(name: string): KnownPerson | undefined;
  /** A grant's token opens nothing here, and is told so. */
  isGrantToken(secret: string): boolean;
}
