/** Has the process end by `exit` when it is told to end, so that what stands on that event is still done; gives the way back. */
export function leaveInOrder(): () => void {
  const leave = (signal: NodeJS.Signals): void => process.exit(signal === 'SIGINT' ? 130 : 143);
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  return () => {
    process.off('SIGINT', leave);
    process.off('SIGTERM', leave);
  };
}
