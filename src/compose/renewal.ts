import type { ServeOptions } from '../cli/world.ts';
import type { Settings } from '../settings/settings.ts';
import { grantKey, personKey } from './tokens.ts';

/** Whose tokens are to be made anew. */
type Renewal = Pick<ServeOptions, 'newToken' | 'newPersonToken'>;

/** The keys under which the store keeps these tokens. */
export function keysToRenew({ newToken, newPersonToken }: Renewal): readonly string[] {
  return [
    ...(newToken === undefined ? [] : [grantKey(newToken)]),
    ...(newPersonToken === undefined ? [] : [personKey(newPersonToken)]),
  ];
}

/** Why no token can be made for one of them, in one line; undefined when it can. */
export function unfitToRenew(
  { newToken, newPersonToken }: Renewal,
  settings: Settings,
  file: string,
): string | undefined {
  return unfitGrant(newToken, settings, file) ?? unfitPerson(newPersonToken, settings, file);
}

function unfitGrant(label: string | undefined, { grants }: Settings, file: string): string | undefined {
  if (label === undefined) return undefined;
  const grant = grants.get(label);
  if (grant === undefined) return `--new-token ${label}: there is no such grant in ${file}`;
  if (grant.tokenHash === undefined) return undefined;
  return `--new-token ${label}: its token stands in ${file}; change it there, or take it out there to have one made`;
}

function unfitPerson(name: string | undefined, { people }: Settings, file: string): string | undefined {
  if (name === undefined) return undefined;
  const person = people.get(name);
  const option = `--new-person-token ${name}`;
  if (person === undefined) return `${option}: there is no such person in ${file}`;
  if (person.tokenHash !== undefined) {
    return `${option}: the token stands in ${file}; change it there, or take it out there to have one made`;
  }
  if (person.passphrase === undefined) return undefined;
  return `${option}: a passphrase stands in ${file}, and who has one is given no token; write a token there too, or take it out`;
}
