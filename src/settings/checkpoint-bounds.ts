import type { CheckpointPace } from '../gateway/audit/audit-ports.ts';
import type { Bounds } from './question-bounds.ts';

/** How often the log is signed where the configuration says nothing. */
export const DEFAULT_PACE: CheckpointPace = { records: 1000, ms: 60_000 };

export const CHECKPOINT_RECORDS: Bounds = { least: 1, most: 1_000_000 };
export const CHECKPOINT_SECONDS: Bounds = { least: 1, most: 86_400 };
