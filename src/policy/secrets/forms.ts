/** A kind of token that is known by how it begins. */
export interface Form {
  readonly of: string;
  readonly starts: readonly string[];
  /** What follows: a native expression that takes time linear in the text, since no part of it can give characters back to the next. */
  readonly rest: string;
  /** `alone`: not in the middle of a word, for beginnings that ordinary texts hold too. */
  readonly stands: 'anywhere' | 'alone';
  /** Whose word it is. */
  readonly source: string;
}

const WORD = '[A-Za-z0-9_-]';

/**
 * The forms of tokens, as those who issue them published them, or as two scanners (secretlint, gitleaks) agree on them.
 * A form that is no longer than its least length is found in any longer one: issuers let their tokens grow.
 */
export const FORMS: readonly Form[] = [
  // Code and packages
  anywhere('GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghr_'], '[A-Za-z0-9_]{36,}', 'github.blog, 2021-03-31'),
  anywhere('GitHub installation token', ['ghs_'], '[A-Za-z0-9_.-]{36,}', 'github.blog, 2021-03-31; secretlint'),
  anywhere('GitHub fine-grained token', ['github_pat_'], '[A-Za-z0-9_]{40,}', 'docs.github.com'),
  anywhere(
    'GitLab token',
    [
      ...['glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'gloas-', 'glsoat-'],
      ...['glcbt-', 'glffct-', 'glwt-'],
    ],
    '[A-Za-z0-9_.-]{20,}',
    'docs.gitlab.com, token prefixes',
  ),
  anywhere('npm token', ['npm_'], '[A-Za-z0-9]{36,}', 'docs.npmjs.com'),
  anywhere('PyPI token', ['pypi-AgE'], `${WORD}{50,}`, 'pypi.org/help'),
  anywhere('RubyGems key', ['rubygems_'], '[a-f0-9]{48,}', 'gitleaks'),
  anywhere('Docker token', ['dckr_pat_', 'dckr_oat_'], `${WORD}{20,}`, 'docs.docker.com; secretlint'),
  anywhere('Postman key', ['PMAK-'], '[a-f0-9-]{50,}', 'gitleaks'),
  // Clouds
  alone(
    'AWS access key id',
    ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    '[A-Z0-9]{16}(?![A-Za-z0-9])',
    'docs.aws.amazon.com, IAM ids',
  ),
  alone('Google API key', ['AIza'], `${WORD}{35,}`, 'cloud.google.com/docs/authentication/api-keys'),
  alone('Google OAuth token', ['ya29.'], `${WORD}{20,}`, 'developers.google.com/identity'),
  anywhere('Google OAuth client secret', ['GOCSPX-'], `${WORD}{24,}`, 'developers.google.com/identity'),
  anywhere('DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], '[a-f0-9]{64,}', 'docs.digitalocean.com; gitleaks'),
  alone('Alibaba access key id', ['LTAI'], '[A-Za-z0-9]{16,}(?![A-Za-z0-9_-])', 'gitleaks'),
  anywhere('Cloudflare token', ['cfut_', 'cfat_', 'cfk_'], '[A-Za-z0-9]{40,}', 'secretlint'),
  anywhere('Fly.io token', ['fm2_', 'fm1r_', 'fm1a_'], '[A-Za-z0-9+/=]{50,}', 'gitleaks'),
  alone('Vercel token', ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'], '[A-Za-z0-9]{20,}', 'secretlint'),
  anywhere('Pulumi token', ['pul-'], '[a-f0-9]{40,}', 'gitleaks'),
  anywhere('Databricks token', ['dapi'], '[a-f0-9]{32,}', 'gitleaks; secretlint'),
  anywhere('HashiCorp Vault token', ['hvs.', 'hvb.', 'hvr.'], `${WORD}{24,}`, 'developer.hashicorp.com/vault'),
  anywhere('Terraform Cloud token', ['.atlasv1.'], `${WORD}{60,}`, 'developer.hashicorp.com/terraform; gitleaks'),
  anywhere('Tailscale key', ['tskey-'], `${WORD}{20,}`, 'tailscale.com/kb; secretlint'),
  anywhere(
    'Doppler token',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.'],
    '[A-Za-z0-9_.-]{40,}',
    'docs.doppler.com; gitleaks',
  ),
  anywhere('PlanetScale secret', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], '[A-Za-z0-9_=.-]{32,}', 'gitleaks'),
  anywhere('Supabase key', ['sb_secret_', 'sbp_'], `${WORD}{30,}`, 'supabase.com/docs/guides/api/api-keys'),
  anywhere('Grafana token', ['glsa_'], `${WORD}{32,}`, 'grafana.com/docs; secretlint'),
  anywhere('Grafana Cloud token', ['glc_ey'], '[A-Za-z0-9+/=]{30,}', 'grafana.com/docs; secretlint'),
  anywhere('New Relic key', ['NRAK-'], '[A-Za-z0-9]{27,}', 'docs.newrelic.com'),
  anywhere('Sentry token', ['sntrys_', 'sntryu_'], '[A-Za-z0-9+/=_]{40,}', 'docs.sentry.io; gitleaks'),
  anywhere('1Password service account', ['ops_ey'], '[A-Za-z0-9+/=_-]{100,}', '1password.dev; secretlint'),
  // Models
  anywhere('OpenAI key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], `${WORD}{20,}`, 'platform.openai.com; secretlint'),
  anywhere('Anthropic key', ['sk-ant-'], `${WORD}{20,}`, 'docs.anthropic.com; secretlint'),
  anywhere('OpenRouter key', ['sk-or-v1-'], '[a-f0-9]{40,}', 'openrouter.ai/docs'),
  alone('key of the form sk-', ['sk-'], '[A-Za-z0-9]{32,}', 'platform.openai.com, and those who copied it'),
  alone('Hugging Face token', ['hf_'], '[A-Za-z0-9]{30,}', 'huggingface.co/docs/hub/security-tokens'),
  alone('Groq key', ['gsk_'], '[A-Za-z0-9]{40,}', 'console.groq.com; secretlint'),
  alone('xAI key', ['xai-'], '[A-Za-z0-9]{60,}', 'docs.x.ai'),
  alone('Perplexity key', ['pplx-'], '[A-Za-z0-9]{40,}', 'gitleaks'),
  alone('Replicate token', ['r8_'], '[A-Za-z0-9]{37,}', 'replicate.com/docs'),
  // Money, mail, chat, work
  anywhere('Stripe key', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], '[A-Za-z0-9]{16,}', 'docs.stripe.com/keys'),
  anywhere('Stripe webhook secret', ['whsec_'], '[A-Za-z0-9+/=]{24,}', 'docs.stripe.com/webhooks'),
  anywhere('Square token', ['sq0atp-', 'sq0csp-'], `${WORD}{22,}`, 'developer.squareup.com; gitleaks'),
  anywhere('Shopify token', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], '[A-Fa-f0-9]{32,}', 'shopify.dev'),
  alone('SendGrid key', ['SG.'], `${WORD}{16,64}\\.${WORD}{30,}`, 'docs.sendgrid.com'),
  anywhere('Brevo key', ['xkeysib-', 'xsmtpsib-'], '[a-f0-9]{64,}[A-Za-z0-9-]*', 'gitleaks'),
  alone('Twilio API key', ['SK'], '[a-f0-9]{32}(?![A-Za-z0-9])', 'twilio.com/docs'),
  anywhere(
    'Slack token',
    ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxe.xoxb-', 'xoxe.xoxp-', 'xapp-'],
    '[A-Za-z0-9-]{15,}',
    'api.slack.com/concepts/token-types',
  ),
  anywhere('Slack webhook', ['hooks.slack.com/services/'], '[A-Za-z0-9/+]{20,}', 'api.slack.com/messaging/webhooks'),
  anywhere('Discord webhook', ['discord.com/api/webhooks/'], `[0-9]{15,24}/${WORD}{40,}`, 'discord.com/developers'),
  anywhere('Atlassian token', ['ATATT3', 'ATCTT3'], '[A-Za-z0-9_=-]{40,}', 'gitleaks'),
  anywhere('Linear key', ['lin_api_', 'lin_oauth_'], '[A-Za-z0-9_]{32,}', 'gitleaks; secretlint'),
  anywhere('Notion token', ['ntn_'], '[A-Za-z0-9]{40,}', 'gitleaks; secretlint'),
  anywhere('Figma token', ['figd_'], `${WORD}{40,}`, 'figma.com/developers; secretlint'),
  alone('Airtable token', ['pat'], '[A-Za-z0-9]{14}\\.[a-f0-9]{64}', 'airtable.com/developers'),
  // What belongs to nobody
  alone(
    'JSON Web Token',
    ['eyJ'],
    `${WORD}{10,}\\.${WORD}{10,}\\.${WORD}{10,}(?:\\.${WORD}+){0,2}`,
    'RFC 7515, RFC 7516',
  ),
  anywhere('age secret key', ['AGE-SECRET-KEY-1'], '[A-Z0-9]{50,}', 'age-encryption.org/v1'),
];

function anywhere(of: string, starts: readonly string[], rest: string, source: string): Form {
  return { of, starts, rest, stands: 'anywhere', source };
}

function alone(of: string, starts: readonly string[], rest: string, source: string): Form {
  return { of, starts, rest, stands: 'alone', source };
}
