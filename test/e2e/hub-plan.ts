/** What a server of the hub's tests has. */
export interface HubPlan {
  readonly name: string;
  readonly era: 'legacy' | 'modern';
  readonly tools?: readonly string[];
  readonly prompts?: readonly string[];
  readonly resources?: readonly string[];
  readonly templates?: readonly string[];
  /** Methods that are never answered. */
  readonly mute?: readonly string[];
  /** Ends as soon as it is started. */
  readonly crash?: boolean;
  /** The same, as long as this file is there. */
  readonly crashWhile?: string;
}
