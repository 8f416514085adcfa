import { type Masking, maskAssignments } from './mask-assignments.ts';
import { maskForms } from './mask-forms.ts';
import { maskPrivateKeys } from './mask-private-keys.ts';

/** A text with all that is known to be a secret in it masked: keys in PEM, tokens by their form, credentials by what stands before them. */
export function maskSecrets(text: string, masking: Masking): string {
  const { mask, reader } = masking;
  let kept = maskForms(maskPrivateKeys(text, mask), mask);
  kept = kept.replace(
    /\b(Bearer|Basic)(\s+)([A-Za-z0-9._~+/=-]{6,})/gi,
    (whole, scheme: string, space: string, token: string) => {
      if (reader === 'log') return `${scheme} ${mask}`;
      return isCredential(token) ? `${scheme}${space}${mask}` : whole;
    },
  );
  if (kept.includes('@')) kept = maskUserInfo(kept, masking);
  return maskAssignments(kept, masking);
}

/** `Bearer of OAuth2` and `basic usage` are no credentials. */
function isCredential(token: string): boolean {
  return token.length >= 12 && /[0-9]/.test(token);
}

/** `scheme://user:password@host`. A user alone is no secret to a client, unless it is as long as a token: `git@`. */
function maskUserInfo(text: string, { mask, reader }: Masking): string {
  return text.replace(/:\/\/[^\s/?#"'<>]+@/g, (whole) => {
    if (reader === 'log') return `://${mask}@`;
    const user = whole.slice(3, -1);
    const colon = user.indexOf(':');
    if (colon === -1) return user.length < 20 || user === mask ? whole : `://${mask}@`;
    return colon === user.length - 1 ? whole : `://${user.slice(0, colon)}:${mask}@`;
  });
}
