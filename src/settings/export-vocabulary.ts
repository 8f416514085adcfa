import { given, type Shape, without, wordOf } from '../policy/shape.ts';
import { HEADER_NAME, HOOK_URL, orVariable, TEXT, TEXTS } from './fragments.ts';
import { EXPORT_STARTS, EXPORT_TARGETS } from './words.ts';

/** `service.name` where the configuration says nothing. */
export const DEFAULT_SERVICE = 'toolgate';

/** Keys that go with an address only. */
export const ADDRESS_KEYS = ['url', 'headers'] as const;
/** Keys that go with a file only. */
export const FILE_KEYS = ['file'] as const;
/** Keys that go with OTLP only. */
export const OTLP_KEYS = ['service'] as const;

export const EXPORT: Shape = {
  says: 'A receiver of the log: every record is handed over to it, in order, at least once.',
  keys: {
    to: {
      says: 'In which form.',
      schema: orVariable(
        wordOf(EXPORT_TARGETS, {
          otlp: 'OpenTelemetry logs: OTLP over HTTP, as JSON.',
          http: 'JSON lines, posted.',
          file: 'JSON lines, appended to a file.',
        }),
      ),
    },
    url: { says: 'Where it is posted to; for OTLP the whole address, mostly with /v1/logs.', schema: HOOK_URL },
    headers: {
      says: 'Headers for every request.',
      schema: {
        type: 'object',
        propertyNames: HEADER_NAME,
        additionalProperties: TEXTS,
        examples: [{ Authorization: `Bearer \${TOKEN}` }],
      },
    },
    service: { says: 'The service.name of the records.', schema: { ...TEXT, default: DEFAULT_SERVICE } },
    file: {
      says: 'The file, relative to this one. Its folder must be there.',
      schema: { ...TEXT, examples: ['audit.jsonl'] },
    },
    from: {
      says: 'With which record an export begins that is new.',
      schema: {
        ...orVariable(wordOf(EXPORT_STARTS, { start: 'With the oldest that is kept.', now: 'With the next.' })),
        default: 'start',
      },
    },
  },
  required: ['to'],
  between: [
    given(isTo('file'), {
      required: ['file'],
      ...without([...ADDRESS_KEYS, ...OTLP_KEYS], 'An export to a file has a "file", and no address.'),
    }),
    given(isTo('http'), {
      required: ['url'],
      ...without([...FILE_KEYS, ...OTLP_KEYS], 'An export by HTTP has a "url".'),
    }),
    given(isTo('otlp'), { required: ['url'], ...without(FILE_KEYS, 'An export by OTLP has a "url".') }),
  ],
};

function isTo(word: (typeof EXPORT_TARGETS)[number]): object {
  return { type: 'object', properties: { to: { const: word } }, required: ['to'] };
}
