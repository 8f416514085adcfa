/** A text that is shown to nobody by accident. */
interface Revealed {
  reveal(): string;
}

/** Where notices go. */
export interface Hook {
  readonly name: string;
  /** `http:` or `https:`. INVARIANT: whoever knows it may post there, so it never stands in a log, an error or a record. */
  readonly url: Revealed;
  /** `json`: the notice as it is; `slack`: a message as Slack's incoming webhooks take it, and Mattermost's and Discord's. */
  readonly form: 'json' | 'slack';
  /** What notices are signed with; undefined leaves them unsigned. */
  readonly secret: Revealed | undefined;
}
