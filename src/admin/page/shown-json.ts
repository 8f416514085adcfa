import type { JsonObject } from '../../wire/json.ts';
import { inPlainSight, jsonInPlainSight } from '../../wire/plain-sight.ts';
import { type Html, html } from './html.ts';
import { sightedJson, unseenIn } from './sight.ts';

interface Arguments {
  readonly arguments: JsonObject;
  readonly argumentsText: string;
}

/** From so many characters on, what comes last is far below what comes first. */
const LONG = 8_000;
const SHORT = 160;
const MOST_NAMES = 200;

/** All arguments, with what is odd about them told before. */
export function shownJson({ arguments: args, argumentsText: text }: Arguments, labelledBy: string): Html {
  return html`${warning(unseenIn(text))}
${text.length < LONG ? undefined : overview(args, text)}
<pre tabindex="0" role="region" aria-labelledby="${labelledBy}">${sightedJson(text)}</pre>`;
}

function warning(unseen: number): Html | undefined {
  if (unseen === 0) return undefined;
  const [how, are] = unseen === 1 ? ['One character', 'It is'] : [`${unseen} characters`, 'They are'];
  return html`<div class="say warn"><p><b>${how} in here cannot be seen</b>, or would be taken for something else. ${are} written as <mark>\\u{…}</mark>.</p></div>`;
}

/** Each argument cut short: nothing may hide behind a long one. */
function overview(args: JsonObject, text: string): Html {
  const names = Object.keys(args);
  const rows = names.slice(0, MOST_NAMES).map((name) => html`<li><code>${sightedJson(brief(name, args))}</code></li>`);
  const rest = names.length - rows.length;
  return html`<p>In short, each of the ${names.length} arguments:</p>
<ul>${rows}${rest > 0 ? html`<li>${rest} more</li>` : undefined}</ul>
<p>All of it, ${text.length.toLocaleString('en')} characters; scroll to see the rest:</p>`;
}

function brief(name: string, args: JsonObject): string {
  const value = args[name] ?? null;
  const text = jsonInPlainSight(value, { depth: 0, most: SHORT });
  if (text.length <= SHORT) return `${inPlainSight(name)}: ${text}`;
  return `${inPlainSight(name)}: ${text} (${JSON.stringify(value).length.toLocaleString('en')} characters)`;
}
