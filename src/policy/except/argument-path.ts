/** The path of an argument of any name, as conditions write it. */
export function argumentPath(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? `args.${name}` : `args[${JSON.stringify(name)}]`;
}
