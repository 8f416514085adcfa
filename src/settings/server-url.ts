export type ServerUrl =
  | { readonly kind: 'url'; readonly url: URL }
  /** INVARIANT: what is wrong, without a part of the text, which may hold secrets. */
  | { readonly kind: 'fault'; readonly reason: string };

/** Reads the address of a remote server; `headers` is what the user calls the place where credentials belong. */
export function readServerUrl(text: string, headers: string): ServerUrl {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return fault('must be an absolute http or https URL');
  if (url.username !== '' || url.password !== '') {
    return fault(`must not hold a user name or password; put them into ${headers}`);
  }
  if (url.hash !== '') return fault('must not hold a fragment, which is never sent');
  return { kind: 'url', url };
}

function fault(reason: string): ServerUrl {
  return { kind: 'fault', reason };
}
