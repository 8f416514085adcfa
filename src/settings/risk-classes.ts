import type { RiskClass } from '../policy/decision.ts';

export const RISK_CLASSES: readonly RiskClass[] = ['read', 'write', 'execute', 'destructive', 'financial', 'unknown'];
