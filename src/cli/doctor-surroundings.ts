import type { FileProblem } from '../settings/problem.ts';
import type { Settings } from '../settings/settings.ts';
import type { Json } from '../wire/json.ts';
import type { LookedExport } from './looked-export.ts';

/** All that `toolgate doctor` looked at; it judges nothing. */
export interface Surroundings {
  /** Such as `v24.1.0`. */
  readonly node: string;
  readonly account: {
    readonly name: string;
    /** Undefined where accounts have no number and files no mode. */
    readonly uid: number | undefined;
  };
  readonly data: string;
  readonly configuration: LookedConfiguration;
  /** Those that are there: the data folder, what lies in it, the configuration, the policy files, and their folders. */
  readonly files: readonly LookedFile[];
  readonly store: LookedStore;
  /** Bytes that are free where the data folder is; undefined when that cannot be told. */
  readonly freeBytes: number | undefined;
}

export type LookedConfiguration =
  | { readonly kind: 'none'; readonly file: string }
  | { readonly kind: 'problems'; readonly file: string; readonly problems: readonly FileProblem[] }
  | {
      readonly kind: 'settings';
      readonly file: string;
      readonly settings: Settings;
      /** As it stands in the file, with `${NAME}` unread. */
      readonly document: Json;
      /** Variables that it reads and that are not set here: what depends on them is made up. */
      readonly unset: readonly string[];
    };

export interface LookedFile {
  readonly path: string;
  /** `folder`: in which the configuration or a policy lies: who may write it can replace them. */
  readonly role: 'data folder' | 'kept' | 'configuration' | 'policy' | 'folder';
  /** The permission bits, and the sticky one. */
  readonly mode: number;
  readonly uid: number;
  /** Whether this account may write it. */
  readonly isWritable: boolean;
}

export type LookedStore =
  | { readonly kind: 'none' }
  | { readonly kind: 'fault'; readonly reason: string }
  | {
      readonly kind: 'open';
      readonly records: number;
      /** How large its file is. */
      readonly bytes: number;
      /** Whether more records are there than were looked at. */
      readonly isAll: boolean;
      readonly breaks: readonly string[];
      /** Under these keys it keeps hashes of tokens that a gateway made. */
      readonly made: ReadonlySet<string>;
      readonly exports: readonly LookedExport[];
    };
