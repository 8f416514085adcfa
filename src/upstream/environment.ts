// What sudo keeps, the language, and where programs find their folders and certificates. Nothing here holds a credential.
const INHERITED: ReadonlySet<string> = new Set([
  ...['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'],
  ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'],
  ...['npm_config_cache', 'npm_config_registry', 'npm_config_userconfig'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
]);

/**
 * The environment of a server's process: a short safe part of the gateway's own, and what the configuration gives.
 * The gateway's tokens and keys stand in its environment, so it is never passed on whole.
 */
export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && isInherited(name) && !isUnsafe(value)) environment[name] = value;
  }
  return { ...environment, ...given };
}

function isInherited(name: string): boolean {
  return INHERITED.has(name) || name.startsWith('LC_');
}

/** A shell function in disguise, or a URL with a password in it. */
function isUnsafe(value: string): boolean {
  return value.startsWith('()') || /\/\/[^/]*@/.test(value);
}

const SECRET_NAME = /pass|secret|token|key|auth|cred|cookie/i;

/** The values that must not turn up in a log. */
export function secretValues(given: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : []));
}
