import { QUESTION_SECONDS } from '../policy/question-time.ts';
import type { AskSettings } from './settings.ts';

/** What holds where the configuration says nothing. */
export const DEFAULT_APPROVALS: AskSettings = {
  url: undefined,
  timeoutMs: 15 * 60_000,
  holdMs: undefined,
  maxOfGrant: 20,
  maxOfName: 5,
};

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export const HOLD_SECONDS: Bounds = { least: 0, most: 3600 };
export const OPEN_QUESTIONS: Bounds = { least: 1, most: 10_000 };
export const TIMEOUT_SECONDS: Bounds = QUESTION_SECONDS;
