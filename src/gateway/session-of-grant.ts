/** The modern era has no sessions: what is counted for each session is counted for the grant. */
export function sessionOfGrant(grant: string): string {
  return `grant ${grant}`;
}
