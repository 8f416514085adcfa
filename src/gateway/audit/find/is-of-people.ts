// INVARIANT: it stands in the index who is; another list wants another `FORMAT` of the index (store/sqlite/find/index-tables.ts).
const RARE: readonly string[] = [
  'policy changed',
  'policy written',
  'policy not written',
  'people changed',
  'audit key changed',
  'values key changed',
  'values erased',
  'questions erased',
  'records removed',
  'notice given up',
  'export failing',
  'export works again',
  'export refused records',
  'export missed records',
];

/** Whether an event belongs to what was decided: what became of a question to people, and what they changed in the rules. */
export function isOfPeople(event: string | undefined): boolean {
  return event !== undefined && (event.startsWith('approval ') || RARE.includes(event));
}
