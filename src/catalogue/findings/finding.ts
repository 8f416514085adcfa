/** What is suspicious in a tool's definition, or in what a server says of itself. */
export interface Finding {
  readonly rule: FindingRule;
  /** JSON Pointer into the definition; empty for a text that stands by itself. */
  readonly place: string;
  /** What was found, cut where it is long; what nobody would see is written as an escape, or decoded. */
  readonly quote: string;
  /** What it means, in one sentence. */
  readonly says: string;
  /**
   * `holds`: no ordinary server does this, so the tool waits for a person even in the first list of its server; `tells`: it is told
   * and recorded.
   */
  readonly weight: 'holds' | 'tells';
}

export type FindingRule = keyof typeof FINDING_RULES;

/** Every rule by its id, with what it looks for. */
export const FINDING_RULES = {
  'tag-characters': 'Text in Unicode tag characters: models read it, people do not see it.',
  'variation-selectors': 'Rows of variation selectors: they show as nothing and can carry any bytes.',
  'bidi-control': 'Characters that turn the direction of text, so that it reads otherwise than it is.',
  'escape-sequence': 'Escape sequences, by which a text moves, colours or hides itself in a terminal.',
  'control-characters': 'Control characters, which show as nothing.',
  'invisible-characters': 'Characters without width between ordinary ones: they split or hide words.',
  'mixed-scripts': 'A name in which letters of another script stand among Latin ones that look the same.',
  'look-alike': 'A name that looks like that of another tool and is not the same.',
  'ignore-instructions': 'Tells the model to put aside what it was told before.',
  'conceal-from-user': 'Tells the model to keep something from its user.',
  'posing-as-system': 'Markers by which a text poses as a message of the system, or as more than a description.',
  'read-first': 'Tells the model to read files or secrets before it uses a tool.',
  'must-always-call': 'Tells the model to call the tool whatever it was asked.',
  'secret-place': 'Names a place where secrets are kept.',
  'send-elsewhere': 'Tells the model to send something to an address that stands in the text.',
  'runs-from-elsewhere': 'A command that fetches a program and runs it.',
  'steers-other-tools': 'Tells how another tool is to be used.',
  'asks-for-conversation': 'Asks for what the conversation holds, beyond what the tool needs.',
  'encoded-text': 'A long encoded text, which nobody reads and a model can decode.',
  'html-comment': 'A comment, which pages and many clients do not show.',
  'pushed-out-of-sight': 'A long run of blanks or empty lines, which pushes what follows out of sight.',
  'image-with-parameters': 'An image whose address carries parameters: showing it sends them.',
  'too-long': 'More text than anybody reads; not all of it was looked through.',
} as const;
