import type { RiskClass, Scope } from './decision.ts';

/** The risk classes of tools, as policies and configurations write them. */
export const CLASSES: readonly RiskClass[] = ['read', 'write', 'execute', 'destructive', 'financial', 'unknown'];

/** Whose calls a limit counts together. */
export const SCOPES: readonly Scope[] = ['grant', 'session', 'owner', 'server', 'global'];

/** Windows that have a name. */
export const WINDOWS: readonly string[] = ['second', 'minute', 'hour', 'day', 'week', 'month'];
