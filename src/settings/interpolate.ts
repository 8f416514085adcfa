export type Interpolated =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'faults'; readonly reasons: readonly string[] };

/**
 * Replaces each `${NAME}` by the variable of that name; `$${` stands for `${` itself. A variable that is not set, and
 * anything else that begins with `${`, is a fault. Values are put in as they are, not read again.
 */
export function interpolate(text: string, env: Readonly<Record<string, string | undefined>>): Interpolated {
  const reasons: string[] = [];
  const replaced = text.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (whole, name: string | undefined, end: string) => {
    if (name === undefined) return '${';
    if (end === '' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      reasons.push(`"\${" must begin a variable such as \${NAME}; write "$\${" for the two characters themselves`);
      return whole;
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) reasons.push(`the environment variable ${name} is not set`);
    return value ?? whole;
  });
  return reasons.length === 0 ? { kind: 'text', text: replaced } : { kind: 'faults', reasons };
}
