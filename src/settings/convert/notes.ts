/** What a converted policy does otherwise than Intercept did; always the stricter. */
export type Topic =
  | 'default'
  | 'scope'
  | 'errors'
  | 'amount'
  | 'fraction'
  | 'increment'
  | 'unused'
  | 'coercion'
  | 'null'
  | 'through'
  | 'approval';

export const NOTES: { readonly [topic in Topic]: string } = {
  default:
    'Intercept lets resources, prompts and what the server asks pass; here "default": "deny" refuses them too, unless "resources", "prompts" or "requests" allow them',
  scope:
    'counters count all servers and callers together ("scope": "global"), as those of Intercept do in one state folder; write "server" or "grant" where that is too strict',
  errors: 'a call that the server answers with an error stays counted; Intercept gives it back',
  amount: 'amounts are added with their fractions, and negative ones are refused; Intercept cuts fractions off',
  fraction: 'counters of Intercept hold whole numbers: the limit is rounded down',
  increment: 'each call counts 1, and the limit is divided by "increment" and rounded down, which lets as many pass',
  unused: '"increment" is left out: Intercept does not use it beside "increment_from"',
  coercion: 'values of different types are never equal here: where 5 is asked, Intercept lets "5" pass as well',
  null: 'null counts as absent here, and what is absent is refused; Intercept lets it pass',
  through: 'a path that leads through a text, a number or a list is refused here; to Intercept nothing exists there',
  approval:
    'a person is asked when all conditions of the rule hold, which is how the description of Intercept is read here: check it; and also when they cannot be judged',
};
