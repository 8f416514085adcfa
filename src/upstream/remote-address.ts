/** These make the exchange what it is; a configuration that sets them would break it. */
const OWN_HEADERS =
  /^(?:accept|accept-encoding|connection|content-encoding|content-length|content-type|expect|host|keep-alive|last-event-id|mcp-method|mcp-name|mcp-param-.*|mcp-protocol-version|mcp-session-id|te|trailer|transfer-encoding|upgrade)$/;

/** The address of a server. Throws where it cannot be used, saying why. */
export function checkedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new Error('the address of the server is not a URL; write http://… or https://… in its "url"');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(
      `the address of the server begins with "${url.protocol}"; only http: and https: are spoken (its "url")`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error('the address of the server holds a user name or password; put them into "headers" instead');
  }
  return url;
}

/** The configured headers, by lower-case name. Throws where one cannot be used, telling no value. */
export function checkedHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'toolgate' };
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower)) throw new Error('a name in "headers" is no header name');
    if (OWN_HEADERS.test(lower))
      throw new Error(`the header "${lower}" is set by the gateway; remove it from "headers"`);
    if (!/^[\t\x20-\x7e]*$/.test(value)) {
      throw new Error(
        `the value of the header "${lower}" holds a line break or a character beyond ASCII; check "headers"`,
      );
    }
    headers[lower] = value;
  }
  return headers;
}
