import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

/** Leaves out the words of messages: texts with a blank in them. Names, keys and kinds are one word and stay in. */
function shouldIgnore(path: { readonly node?: Node }): string | undefined {
  const { node } = path;
  const texts =
    node?.type === 'StringLiteral'
      ? [String(node.value)]
      : (node?.type === 'TemplateLiteral' && node.quasis?.map(({ value }) => value.raw)) || [];
  return texts.some((text) => text.includes(' ')) ? 'the words of a message' : undefined;
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'texts', { shouldIgnore })];
