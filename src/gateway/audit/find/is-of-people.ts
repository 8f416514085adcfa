const RARE: readonly string[] = [
  'policy changed',
  'policy written',
  'policy not written',
  'people changed',
  'audit key changed',
  'notice given up',
];

/** Whether an event belongs to what was decided: what became of a question to people, and what they changed in the rules. */
export function isOfPeople(event: string | undefined): boolean {
  return event !== undefined && (event.startsWith('approval ') || RARE.includes(event));
}
