import { quoted } from '../problem.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../truth.ts';
import { type FilePath, isVariable, readingsOf } from './file-path.ts';

/** A folder of a policy, as it is written and with the other names that some systems have for it. */
export interface Folder {
  readonly plain: FilePath;
  readonly unaliased: FilePath;
}

const REMEDY = 'write an absolute path such as "/data" or "C:\\data"';

/** Reads a folder of a policy; a text says why it is none. */
export function readFolder(text: string): Folder | string {
  if (/^(?:\\\\|\/\/)/.test(text))
    return `${quoted(text)} is a network or device path, which cannot be judged; ${REMEDY}`;
  if (/^~|\$|%[a-z_]\w*%/i.test(text))
    return `${quoted(text)} holds ~ or a variable, which is not looked up; ${REMEDY}`;
  if (text.includes('*')) return `${quoted(text)} holds a wildcard; name the folder alone, all that is in it counts`;
  const readings = readingsOf(text);
  const [plain, ...others] = readings ?? [];
  if (plain === undefined) return `${quoted(text)} is no absolute path; ${REMEDY}`;
  const usual = written(plain);
  if (/(?:^|[\\/])\.\.?(?:[\\/]|$)/.test(text)) return `${quoted(text)} holds . or ..; write ${quoted(usual)}`;
  if (others.length > 0)
    return `${quoted(text)} can be read in several ways; write the path without % and ${separatorOf(plain)}`;
  return { plain, unaliased: unaliased(plain) };
}

function separatorOf({ drive }: FilePath): string {
  return drive === '' ? '\\, in usual letters' : 'in usual letters';
}

function written({ drive, segments }: FilePath): string {
  return drive === '' ? `/${segments.join('/')}` : `${drive.toUpperCase()}:\\${segments.join('\\')}`;
}

/** Whether the path is one of the folders or within one, however it is read. */
export function judgePath(folders: readonly Folder[], text: string): Truth {
  let result: Truth | undefined;
  for (const reading of readingsOf(text) ?? []) {
    const other = unaliased(reading);
    const one = greatest(folders, ({ plain }) => within(reading, plain));
    if (one === UNKNOWN || (result !== undefined && result !== one)) return UNKNOWN;
    if (greatest(folders, (folder) => within(other, folder.unaliased)) !== one) return UNKNOWN;
    result = one;
  }
  return result ?? UNKNOWN;
}

function greatest(folders: readonly Folder[], test: (folder: Folder) => Truth): Truth {
  let result: Truth = FALSE;
  for (const folder of folders) {
    const one = test(folder);
    if (one === TRUE) return TRUE;
    if (one === UNKNOWN) result = UNKNOWN;
  }
  return result;
}

function within(path: FilePath, folder: FilePath): Truth {
  // A path of Windows is relative elsewhere, and one without a drive is relative on Windows.
  if ((path.drive === '') !== (folder.drive === '')) return UNKNOWN;
  if (path.drive !== folder.drive) return FALSE;
  let least: Truth = TRUE;
  for (const [index, wanted] of folder.segments.entries()) {
    const found = path.segments[index];
    if (found === undefined) return FALSE;
    if (found === wanted) continue;
    if (mayBeLonger(found)) return UNKNOWN;
    const isShort = path.drive !== '' && /~\d/.test(found);
    if (!isShort && !mayName(path.folded[index] ?? '', folder.folded[index] ?? '')) return FALSE;
    least = UNKNOWN;
  }
  return least;
}

/** Whether something may put several segments in the place of this one. */
function mayBeLonger(segment: string): boolean {
  return isVariable(segment) || segment.includes('**') || segment.includes('{');
}

/** Whether some system takes the folded segment for the wanted name: as it is, or as a pattern. */
function mayName(found: string, wanted: string): boolean {
  if (found === wanted) return true;
  const first = found.search(/[*?[]|[@!+]\(/);
  if (first === -1) return false;
  const last = Math.max(...['*', '?', ']', ')'].map((sign) => found.lastIndexOf(sign)));
  return wanted.startsWith(found.slice(0, first)) && wanted.endsWith(found.slice(last + 1));
}

/** macOS: /etc, /tmp and /var are links into /private, and all of them stand under /System/Volumes/Data as well. */
function unaliased(path: FilePath): FilePath {
  if (path.drive !== '') return path;
  const volume = path.folded.slice(0, 3).join('/') === 'SYSTEM/VOLUMES/DATA' ? from(path, 3) : path;
  const [first, second = ''] = volume.folded;
  return first === 'PRIVATE' && ['ETC', 'TMP', 'VAR'].includes(second) ? from(volume, 1) : volume;
}

function from({ drive, segments, folded }: FilePath, start: number): FilePath {
  return { drive, segments: segments.slice(start), folded: folded.slice(start) };
}
