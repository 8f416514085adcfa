export const SERVER_NAME: RegExp = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Server names stand in URLs and in the log. */
export function isServerName(name: string): boolean {
  return SERVER_NAME.test(name);
}

export const SERVER_NAME_RULE =
  "a server's name is at most 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit";
