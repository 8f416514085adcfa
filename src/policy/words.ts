import type { CalendarUnit } from './calendar.ts';
import type { RiskClass, Scope } from './decision.ts';
import type { Mode } from './policy.ts';

/** The risk classes of tools, as policies and configurations write them. */
export const CLASSES: readonly RiskClass[] = ['read', 'write', 'execute', 'destructive', 'financial', 'unknown'];

/** Whose calls a limit counts together. */
export const SCOPES: readonly Scope[] = ['grant', 'session', 'owner', 'server', 'global'];

/** Windows that have a name. */
export const WINDOWS: readonly CalendarUnit[] = ['second', 'minute', 'hour', 'day', 'week', 'month'];

/** What holds where nothing more particular is said. */
export const LEAVES = ['deny', 'allow'] as const;

/** Whether a document, or its rules, bite. */
export const MODES: readonly Mode[] = ['enforce', 'shadow'];

/** Which tools stand in lists. */
export const LISTS = ['reachable', 'all'] as const;

/** What rules do when nothing else in them speaks. */
export const ACTIONS = ['allow', 'deny', 'hide', 'require_approval'] as const;

/** How arguments are held against the tool's own schema. */
export const VALIDATIONS = ['off', 'schema', 'strict'] as const;

/** When the count of a limit falls. */
export const RESETS = ['sliding', 'calendar'] as const;

/** What holds beyond a limit. */
export const EXCESSES = ['deny', 'require_approval'] as const;

/** What people may do. */
export const ROLES = ['viewer', 'approver', 'editor', 'admin'] as const;
