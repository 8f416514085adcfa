import type { RiskClass } from '../../policy/decision.ts';
import { type JsonObject, objectOf } from '../../wire/json.ts';

export interface ClassRules {
  readonly action: 'require_approval' | undefined;
  /** Told to the agent. */
  readonly reason: string | undefined;
  readonly limit: JsonObject | undefined;
  readonly notes: readonly string[];
}

const WRITES_A_MINUTE = 30;
const EXECUTIONS_A_MINUTE = 10;

/** What a tool's class calls for. `approves`: it says yes where a person should. */
export function classRules(name: string, riskClass: RiskClass, what: 'approves' | 'acts'): ClassRules {
  if (what === 'approves') {
    return asking(
      'It says yes in the place of a person.',
      'It says yes in the place of a person, so a person is asked.',
    );
  }
  switch (riskClass) {
    case 'read':
      return { action: undefined, reason: undefined, limit: undefined, notes: [] };
    case 'write':
      return limited(name, WRITES_A_MINUTE, 'It changes something, so each grant may call it 30 times a minute.');
    case 'execute':
      return limited(
        name,
        EXECUTIONS_A_MINUTE,
        'It sets something running whose effect lies in its arguments, so each grant may call it 10 times a minute.',
      );
    case 'destructive':
      return asking(
        'It removes or ends something for good.',
        'It removes or ends something for good, so a person is asked.',
      );
    case 'financial':
      return asking('It moves money or value.', 'It moves money or value, so a person is asked.');
    case 'unknown':
      return asking(
        'It is not known what it does.',
        'It could not be told what it does, so a person is asked: read what it does, and set its class under "classes" of the server.',
      );
  }
}

function asking(reason: string, note: string): ClassRules {
  return { action: 'require_approval', reason, limit: undefined, notes: [note] };
}

function limited(name: string, max: number, note: string): ClassRules {
  const limit = objectOf([
    ['counter', `${name}_rate`],
    ['window', 'minute'],
    ['max', max],
    ['scope', 'grant'],
  ]);
  return { action: undefined, reason: undefined, limit, notes: [note] };
}
