import type { ApprovalRules, Policies } from '../../policy/policy.ts';
import type { ROLES } from '../../policy/words.ts';
import type { Answer, Quorum } from './approval.ts';

export type Role = (typeof ROLES)[number];

/** Somebody of the configuration. */
export interface Person {
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
}

/** Who may answer by the policies: where both the baseline and the policy say it, both must be satisfied. */
export function quorumOf({ policy, baseline }: Policies): Quorum {
  const rules = [baseline?.approvals, policy.approvals].filter((one) => one !== undefined);
  const lists = rules.flatMap(({ roles = [], owners = [] }) =>
    roles.length + owners.length === 0 ? [] : [{ roles, owners }],
  );
  return { count: Math.max(1, ...rules.map(({ count }) => count ?? 1)), lists };
}

/** How long a question stands, ms: the shortest that is said. */
export function timeoutOf({ policy, baseline }: Policies, standardMs: number): number {
  const told = [baseline?.approvals, policy.approvals].flatMap((rules?: ApprovalRules) => rules?.timeoutMs ?? []);
  return told.length === 0 ? standardMs : Math.min(...told);
}

interface Asked {
  readonly subject: { readonly quorum: Quorum };
  readonly answers: readonly Pick<Answer, 'by'>[];
}

/** Why a person may not answer this question; undefined when they may. */
export function whyNotAnswer({ subject, answers }: Asked, person: Person): string | undefined {
  if (answers.some(({ by }) => by === person.name)) return `${person.name} has answered already; somebody else must.`;
  const { lists } = subject.quorum;
  if (lists.length === 0) {
    return has(person, 'approver') ? undefined : `${person.name} has neither the role approver nor admin.`;
  }
  const unmet = lists.find(
    ({ roles, owners }) => !owners.includes(person.name) && !roles.some((role) => has(person, role)),
  );
  if (unmet === undefined) return undefined;
  const wanted = [...unmet.roles.map((role) => `the role ${role}`), ...unmet.owners];
  return `${person.name} is not among those who may answer: ${wanted.join(', ')}.`;
}

/** An admin has every role. */
function has({ roles }: Person, role: string): boolean {
  return roles.has('admin') || [...roles].some((one) => one === role);
}

/** Whether the local user, who has a name but no roles, may answer at all. */
export function mayLocalUserAnswer({ lists }: Quorum, name: string): boolean {
  return lists.every(({ owners }) => owners.includes(name));
}
