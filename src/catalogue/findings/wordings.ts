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
    'ignore-instructions',
    sentence(40, [
      /\bignor(?:a|e|ad|en|ez|er|ier(?:e|en|t)|ar|are)\b/gi,
      /\b(?:instrucciones|instru[cç][oõ]es|istruzioni|anweisungen|anleitungen|consignes|instructions)\b/gi,
      /\b(?:anteriores|previas|pr[ée]c[ée]dentes|precedenti|vorherigen?|bisherigen?|oben|système|sistema)\b/gi,
    ]),
  ],
  [
    'ignore-instructions',
    sentence(40, [
      /\bignorier(?:e|en|t)\b/gi,
      /\b(?:vorherigen?|bisherigen?|obigen?|alle)\b/gi,
      /\b(?:anweisungen|vorgaben|regeln)\b/gi,
    ]),
  ],
  [
    'ignore-instructions',
    sentence(0, [
      /\byou are now (?:in|an? (?:unrestricted|different))\b|\bnew (?:system )?instructions?:|\bdeveloper mode\b|(?:忽略|无视|無視)[^。\n]{0,16}(?:指令|指示|说明)|(?:以前|これまで|上記)の(?:指示|命令)を?[^。\n]{0,8}無視/gi,
    ]),
  ],
  [
    'conceal-from-user',
    sentence(24, [
      /\b(?:do not|don['’]?t|never|without|no need to)\b/gi,
      /\b(?:ask(?:ing)?|wait(?:ing)? for|prompt(?:ing)?|request(?:ing)?)\b/gi,
      /\b(?:the user(?:['’]s)? for|user|their|for) (?:confirmation|permission|approval|consent)\b/gi,
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
      /\.ssh\/|\bid_(?:rsa|ed25519|ecdsa)\b|\.aws\/credentials|\/etc\/(?:shadow|passwd|sudoers)\b|\.netrc\b|\.git-credentials\b|\.docker\/config\.json|\.cursor\/mcp\.json|claude_desktop_config\.json|\.gnupg\b|\bwallet\.dat\b|\bcontents? of (?:the |your |all )?(?:environment variables|\.env\b)|\.bash_history\b|\.pypirc\b|\.config\/gcloud\b|\bmnemonic phrase\b/gi,
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
    'runs-from-elsewhere',
    sentence(0, [
      /\b(?:curl|wget|iwr)\b[^\n|]{1,200}\|[ \t]{0,4}(?:sudo )?(?:ba|z|da)?sh\b|\bpowershell\b[^\n]{0,40}\biex\b/gi,
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
      /\b(?:entire|full|whole|complete|all of the|all (?:of )?(?:the )?(?:previous|prior|earlier|preceding|past))\b/gi,
      /\b(?:conversation|dialogue?|chat (?:with|of) the user|messages? (?:so far|of the user|(?:of|in) (?:this|the current) (?:chat|conversation|session))|system prompt|context window|thread so far)\b/gi,
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
