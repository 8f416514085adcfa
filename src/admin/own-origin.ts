import type { IncomingMessage } from 'node:http';

/** Where the gateway is, as browsers name it. */
interface OwnPlace {
  readonly isSecure: boolean;
  /** Where the configuration says that people reach it: for proxies that do not pass the Host on. */
  readonly url: string | undefined;
}

/** Why a request that changes something is not one of our own pages'; undefined if it is, or if no browser sent it. */
export function foreignOrigin(request: IncomingMessage, place: OwnPlace): string | undefined {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return OTHER_SITE;
  if (origin === undefined) return undefined;
  const scheme = place.isSecure ? 'https' : 'http';
  const own = [originOf(`${scheme}://${request.headers.host ?? ''}`), originOf(place.url ?? '')];
  return own.includes(origin) && origin !== 'null' ? undefined : OTHER_ORIGIN;
}

/** As `foreignOrigin`, for forms: browsers always say where one of those comes from. */
export function foreignForm(request: IncomingMessage, place: OwnPlace): string | undefined {
  return foreignOrigin(request, place) ?? (request.headers.origin === undefined ? NO_ORIGIN : undefined);
}

const OTHER_SITE = 'the request comes from a page of another site';
const OTHER_ORIGIN = 'the Origin is not the gateway itself';
const NO_ORIGIN = 'the browser does not say from which page the form comes';

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
