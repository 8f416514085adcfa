/**
 * Servers that the classifier's rules are never tuned on, and whose tools nobody looks at while writing them: those the first byte of
 * the SHA-256 of whose name can be divided by four.
 */
export const KEPT_ASIDE: ReadonlySet<string> = new Set([
  'airtable',
  'aws-cloudtrail',
  'aws-serverless',
  'buildkite',
  'cloudflare-cloudflare-blog',
  'cloudflare-stack-mcp',
  'context7',
  'desktop-commander',
  'everything',
  'firecrawl',
  'github',
  'heroku',
  'kubectl-mcp-server',
  'memory',
  'mongodb',
  'pagerduty',
  'playwright',
  'playwright-executeautomation',
  'redis',
  'sentry',
  'sqlite',
  'sqlite-mcp-server',
  'stripe-remote',
  'terraform',
  'whatsapp',
]);
