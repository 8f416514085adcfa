/** What a question's state is called. */
export function stateWords(state: string): string {
  switch (state) {
    case 'open':
      return 'waits for an answer';
    case 'approved':
      return 'approved, not used yet';
    case 'used':
      return 'approved and sent';
    case 'void':
      return 'void';
    default:
      return state;
  }
}
