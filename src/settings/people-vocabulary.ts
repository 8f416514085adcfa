import { given, type Shape, wordOf } from '../policy/shape.ts';
import { ROLES } from '../policy/words.ts';
import { HOOK_SECRET, HOOK_URL, orVariable, PAGE_URL, PASSPHRASE, TIMEOUT, TOKEN } from './fragments.ts';
import { type Bounds, DEFAULT_APPROVALS, HOLD_SECONDS, OPEN_QUESTIONS } from './question-bounds.ts';
import { HOOK_FORMS, NOTICE_EVENTS, USUAL_EVENTS } from './words.ts';

/** How people are known, asked and told: the keys of a configuration for it. */

export const PERSON: Shape = {
  says: 'A person with roles.',
  keys: {
    roles: {
      says: 'What the person may do.',
      schema: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: orVariable(
          wordOf(ROLES, {
            viewer: 'May look.',
            approver: 'May answer when a person is asked.',
            editor: 'May change policies.',
            admin: 'May do everything.',
          }),
        ),
      },
    },
    token: {
      says: 'The token of the person, 20 characters or more; without it and a passphrase one is made and printed once.',
      schema: TOKEN,
    },
    passphrase: { says: 'The hash of a passphrase, as toolgate people passphrase prints it.', schema: PASSPHRASE },
  },
  required: ['roles'],
};

export const QUESTIONS: Shape = {
  says: 'How people are asked, where policies are silent.',
  keys: {
    url: { says: 'Where people reach this gateway with a browser: questions link to it.', schema: PAGE_URL },
    timeout: { says: 'How long a question stands before it counts as no: 10 seconds to 31 days.', schema: TIMEOUT },
    hold: {
      says: 'Whole seconds that a call is held at most while a person is asked; 0 for not at all.',
      schema: whole(HOLD_SECONDS),
    },
    open: {
      says: 'Open questions of one grant.',
      schema: { ...whole(OPEN_QUESTIONS), default: DEFAULT_APPROVALS.maxOfGrant },
    },
    open_per_tool: {
      says: 'Open questions of one grant about one tool.',
      schema: { ...whole(OPEN_QUESTIONS), default: DEFAULT_APPROVALS.maxOfName },
    },
  },
  required: [],
};

export const HOOK: Shape = {
  says: 'An address that is told by HTTP of what happens.',
  keys: {
    url: { says: 'Where notices are sent; who knows it may be able to write there.', schema: HOOK_URL },
    form: {
      says: 'In which form.',
      schema: {
        ...orVariable(
          wordOf(HOOK_FORMS, {
            json: 'As JSON, signed with the secret.',
            slack: 'As a text, as incoming webhooks of Slack and its like take it.',
          }),
        ),
        default: 'json',
      },
    },
    secret: { says: 'Signs what is sent (HMAC-SHA256), 20 characters or more.', schema: HOOK_SECRET },
    events: {
      says: 'Of what it is told.',
      schema: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: orVariable(
          wordOf(NOTICE_EVENTS, {
            'approval.asked': 'A call waits for a person.',
            'approval.answered': 'A person said yes or no.',
            'approval.expired': 'Nobody answered, or what was approved was not used, in time.',
            'approval.used': 'The call that was approved was sent.',
            'approval.void': 'What was approved is not what would be sent any more.',
            'policy.changed': 'A policy in force is another.',
          }),
        ),
        default: USUAL_EVENTS,
      },
    },
  },
  required: ['url'],
  between: [
    given(
      {
        type: 'object',
        properties: { form: { enum: HOOK_FORMS.filter((form) => form !== 'json') } },
        required: ['form'],
      },
      {},
      { required: ['secret'], errorMessage: 'A hook of the form "json" needs a "secret", which signs what is sent.' },
    ),
  ],
};

function whole({ least, most }: Bounds): object {
  return { type: 'integer', minimum: least, maximum: most };
}
