import { memberPath } from '../member-path.ts';

/** The path of an argument of any name, as conditions write it. */
export function argumentPath(name: string): string {
  return memberPath('args', name);
}
