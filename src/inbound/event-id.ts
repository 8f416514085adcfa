/** Where an event stands: the key of its stream, which nobody can guess, and its number there. */
export interface EventPlace {
  readonly key: string;
  readonly number: number;
}

/** The id by which a client names the place when it comes back. */
export function eventId({ key, number }: EventPlace): string {
  return `${key}.${number}`;
}

/** The place that an id stands for; undefined for a text that is no id of ours. */
export function eventPlace(id: string): EventPlace | undefined {
  const match = /^([\w-]{1,100})\.(0|[1-9]\d{0,14})$/.exec(id);
  return match?.[1] === undefined ? undefined : { key: match[1], number: Number(match[2]) };
}
