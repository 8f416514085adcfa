/** Why a file could not be written, in a few words. */
export function whyUnwritten(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'cannot be written: no such folder';
    case 'EISDIR':
      return 'cannot be written: it is a folder';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be written: permission denied';
    default:
      return `cannot be written: ${String(code ?? error)}`;
  }
}
