import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';

const MAX_BLOCKS = 1_000;

/** The resources that an answer speaks of: links, and what is embedded, in a tool's or prompt's content or a resource's own. */
export function seenUris(answer: JsonObject): readonly string[] {
  const { content, messages, contents } = answer;
  const blocks = [
    ...blocksOf(content),
    ...blocksOf(messages).map((message) => (isObject(message) ? message['content'] : undefined)),
    ...blocksOf(contents),
  ];
  return blocks.flatMap((block) => {
    if (!isObject(block)) return [];
    const { uri, resource } = block;
    const embedded = isObject(resource) ? resource['uri'] : undefined;
    return [uri, embedded].filter((one) => typeof one === 'string');
  });
}

function blocksOf(value: Json | undefined): readonly (Json | undefined)[] {
  return isArray(value) ? value.slice(0, MAX_BLOCKS) : [];
}
