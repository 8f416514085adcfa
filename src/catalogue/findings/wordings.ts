import type { FindingRule } from './finding.ts';
import type { Sequence } from './sequence.ts';

const ADDRESS = String.raw`(?:https?:\/\/[^\s)"'\x60]|[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2})`;

/** What hidden instructions say, in the words in which they were found to say it. A rule can have several wordings. */
export const WORDINGS: readonly (readonly [FindingRule, Sequence])[] = [
  [
    'ignore-instructions',
    sentence(40, [
      /\b(?:ignore|disregard|forget|override|bypass|discard)\b/gi,
      /\b(?:previous|prior|preceding|above|earlier|existing|all other|system|your|any other)\b/gi,
      /\b(?:instructions?|prompts?|guidelines?|directives?|guardrails?|safety rules?)\b/gi,
    ]),
  ],
  [
    'conceal-from-user',
    sentence(40, [
      /\b(?:do not|don['’]?t|never|must not|without|avoid)\b/gi,
      /\b(?:tell(?:ing)?|inform(?:ing)?|mention(?:ing)?|notify(?:ing)?|reveal(?:ing)?|alert(?:ing)?|disclos(?:e|ing))\b/gi,
      /\bthe (?:end[- ])?(?:user|human|person|operator|customer)\b/gi,
    ]),
  ],
  [
    'conceal-from-user',
    sentence(30, [
      /\b(?:hide|keep|conceal)\b/gi,
      /\b(?:from|secret from|hidden from) the (?:end[- ])?(?:user|human|person|operator)\b/gi,
    ]),
  ],
  [
    'posing-as-system',
    sentence(0, [
      /<\/?(?:important|system|system-?prompt|instructions?|secret|hidden|admin|assistant|critical)>|<\|(?:im_start|im_end|system|endoftext|begin_of_text|start_header_id)\|?>|\[\/?(?:INST|SYSTEM)\]|<<SYS>>|(?:^|\n)[ \t]{0,8}(?:#{1,4} {0,4})?(?:system|assistant) ?(?:prompt|message|note)? ?:\s/gi,
    ]),
  ],
  [
    'read-first',
    text(90, [
      /\b(?:before|prior to|when(?:ever)?|in order to)\b[^.\n]{0,12}\b(?:us(?:e|ing)|call(?:ing)?|invok(?:e|ing)|run(?:ning)?)\b/gi,
      /\b(?:read|open|cat|load|fetch|access)\b/gi,
      /~\/|\/(?:etc|home|root|Users)\/|\$HOME|\.ssh|\.env\b|\bcredentials?\b|\bprivate key|\bapi keys?\b|\bmcp\.json/gi,
    ]),
  ],
  [
    'must-always-call',
    sentence(40, [
      /\b(?:must|should|shall|have to|always)\b/gi,
      /\b(?:call(?:ed)?|used?|invoked?|run)\b/gi,
      /\b(?:whatever the (?:user|task|question)|regardless of (?:what|the user|the task|the question)|no matter what|(?:on|at|for|in|after|before) (?:every|each|any other|all other) (?:message|request|prompt|question|turn|answer|response|reply|tools?\b)|instead of (?:any|all|every|the) other)/gi,
    ]),
  ],
  [
    'secret-place',
    sentence(0, [
      /\.ssh\/|\bid_(?:rsa|ed25519|ecdsa)\b|\.aws\/credentials|\/etc\/(?:shadow|passwd|sudoers)\b|\.netrc\b|\.git-credentials\b|\.docker\/config\.json|\.cursor\/mcp\.json|claude_desktop_config\.json|\.gnupg\b|\bwallet\.dat\b|\.bash_history\b|\.pypirc\b|\.config\/gcloud\b|\bmnemonic phrase\b/gi,
    ]),
  ],
  [
    'send-elsewhere',
    sentence(80, [
      /\b(?:send|post|forward|upload|transmit|exfiltrate|submit|copy|leak|bcc|cc)\b/gi,
      new RegExp(String.raw`\b(?:to|at|bcc|cc)\b[: ]{0,3}${ADDRESS}`, 'gi'),
    ]),
  ],
  [
    'steers-other-tools',
    text(60, [
      /\b(?:when(?:ever)?|each time|every time|if|after|before)\b/gi,
      /\b(?:[a-z]{1,32}_[a-z_]{1,48}|other tools?|another tool|any (?:other )?tool)\b['"\x60]? (?:is|are|was|gets?|being) (?:used|called|invoked|run|executed|requested)\b/gi,
      /\b(?:must|instead|always|also|bcc|cc|add|append|include|send|change|replace|redirect|forward)\b/gi,
    ]),
  ],
  [
    'asks-for-conversation',
    sentence(24, [
      /\b(?:entire|full|whole|complete|all (?:of )?(?:the )?(?:previous|prior|earlier|preceding|past))\b/gi,
      /\b(?:conversation|dialogue?|chat (?:with|of) the user|messages? (?:so far|of the user)|system prompt|context window|thread so far)\b/gi,
    ]),
  ],
  [
    'asks-for-conversation',
    sentence(0, [
      /\b(?:contents?|text|copy|summary) of (?:the|your|this) (?:system prompt|whole conversation|entire conversation|context window)\b|\bsummary of (?:everything|all that)\b/gi,
    ]),
  ],
];

function sentence(gap: number, steps: readonly RegExp[]): Sequence {
  return { steps, gap, within: 'sentence' };
}

function text(gap: number, steps: readonly RegExp[]): Sequence {
  return { steps, gap, within: 'text' };
}
