// The forms of secrets, each with the place of the secret itself in it: the group `secret`, or all of it. Made from what the vendors
// document of their tokens and from the manuals of the programs. Syntax of RE2 (expression.ts); one line at a time.
// Prefixes: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
// https://docs.gitlab.com/security/tokens/#token-prefixes  https://api.slack.com/authentication/token-types
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids  https://docs.stripe.com/keys
// https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes  https://warehouse.pypa.io/development/token-scanning.html

import { entropy, isFilledIn, isWebToken, varies } from './secret-checks.ts';

/** A form of a secret. */
export interface SecretForm {
  /** RE2; the group `secret` is the secret, else all of a match is. */
  readonly source: string;
  /** Names of commands (RE2), in the line of which alone it is looked for: from the name to what ends the command. */
  readonly commands?: string;
  /** Whether what has the form is a secret; else that of the pattern says so. */
  readonly check?: (secret: string) => boolean;
}

export interface SecretPattern {
  /** Stands in lists and reports; never changes its meaning. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly severity: 'medium' | 'high' | 'critical';
  /** RE2 as of a form, or several forms. */
  readonly source: string | readonly SecretForm[];
  readonly flags: '' | 'i';
  /** Whether what has the form is a secret. */
  readonly check?: (secret: string) => boolean;
}

/** A token that nothing of its own alphabet stands before or behind. */
const token = (form: string): string => `(?:^|[^0-9A-Za-z_])(?P<secret>${form})(?:[^0-9A-Za-z_-]|$)`;

/** Tokens, keys and hashes, which have a form of their own. */
export const TOKEN_PATTERNS: readonly SecretPattern[] = [
  // Clouds.
  {
    id: 'aws-access-key-id',
    name: 'AWS access key id',
    description: 'Names a long-term (AKIA) or temporary (ASIA) key of an AWS account',
    severity: 'high',
    source: token('(?:AKIA|ASIA)[A-Z2-7]{16}'),
    flags: '',
  },
  {
    id: 'aws-secret-key',
    name: 'AWS secret access key',
    description: 'Forty characters beside the name of a secret access key',
    severity: 'critical',
    source: `secret[ _-]?(?:access[ _-]?)?key(?: \\[[^\\]]*\\])?["']?\\s*(?:=>|=|:|\\s)\\s*["']?(?P<secret>[A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)`,
    flags: 'i',
    check: varies(4),
  },
  {
    id: 'aws-session-token',
    name: 'AWS session token',
    description: 'Goes with a temporary key of an AWS account',
    severity: 'high',
    source: `session[_-]?token["']?\\s*[=:]\\s*["']?(?P<secret>[A-Za-z0-9/+=]{100,})`,
    flags: 'i',
    check: varies(4),
  },
  {
    id: 'gcp-api-key',
    name: 'Google API key',
    description: 'Key of a Google Cloud project',
    severity: 'high',
    source: token('AIza[0-9A-Za-z_-]{35}'),
    flags: '',
  },
  {
    id: 'gcp-service-account',
    name: 'Google service account key',
    description: 'Private key in the JSON file of a service account',
    severity: 'critical',
    source: `"private_key(?:_id)?"\\s*:\\s*"(?P<secret>[^"]{20,})`,
    flags: '',
    check: varies(3),
  },
  {
    id: 'google-oauth',
    name: 'Google OAuth token or client secret',
    description: 'Access token (ya29.), refresh token (1//) or client secret (GOCSPX-)',
    severity: 'high',
    source: token('ya29\\.[0-9A-Za-z_-]{20,}|GOCSPX-[0-9A-Za-z_-]{28}|1//0[0-9A-Za-z_-]{40,}'),
    flags: '',
    check: varies(3.5),
  },
  {
    id: 'azure-storage-key',
    name: 'Azure storage or service key',
    description: 'Account key, or shared access key, in a connection string',
    severity: 'critical',
    source: '(?:AccountKey|SharedAccessKey)=(?P<secret>[A-Za-z0-9+/]{42,}={1,2})',
    flags: 'i',
    check: varies(3.5),
  },
  {
    id: 'azure-sas',
    name: 'Azure shared access signature',
    description: 'Signature of a URL that opens a storage account',
    severity: 'high',
    source: '[?&;]sig=(?P<secret>(?:[A-Za-z0-9+/_-]|%2[BFbf]){40,}(?:%3[Dd]|=){0,2})',
    flags: '',
    check: varies(3.5),
  },
  {
    id: 'azure-client-secret',
    name: 'Azure client secret',
    description: 'Secret of an application in Microsoft Entra',
    severity: 'high',
    source: token('[0-9A-Za-z_~.-]{3}\\dQ~[0-9A-Za-z_~.-]{31,34}'),
    flags: '',
    check: varies(3.5),
  },
  {
    id: 'digitalocean-token',
    name: 'DigitalOcean token',
    description: 'Personal, OAuth or refresh token',
    severity: 'high',
    source: token('do[opr]_v1_[0-9a-f]{64}'),
    flags: '',
  },

  // Places where code, packages and programs are kept.
  {
    id: 'github-token',
    name: 'GitHub token',
    description: 'Personal, OAuth, application or refresh token',
    severity: 'critical',
    source: token('gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{22,}'),
    flags: '',
  },
  {
    id: 'gitlab-token',
    name: 'GitLab token',
    description: 'Personal, project, deploy, runner, trigger, feed, mail, agent or job token',
    severity: 'critical',
    source: token('gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-[0-9A-Za-z_.=-]{20,}'),
    flags: '',
    check: varies(3),
  },
  {
    id: 'npm-token',
    name: 'npm token',
    description: 'Access token of the npm registry',
    severity: 'high',
    source: token('npm_[0-9A-Za-z]{36}'),
    flags: '',
  },
  {
    id: 'pypi-token',
    name: 'PyPI token',
    description: 'Upload token of the Python package index',
    severity: 'high',
    source: token('pypi-AgE[0-9A-Za-z_-]{50,}'),
    flags: '',
  },
  {
    id: 'docker-token',
    name: 'Docker token',
    description: 'Personal or organisation token of Docker Hub',
    severity: 'high',
    source: token('dckr_[po]at_[0-9A-Za-z_-]{20,}'),
    flags: '',
  },

  // Services.
  {
    id: 'slack-token',
    name: 'Slack token',
    description: 'Bot, user, application, configuration or session token',
    severity: 'high',
    source: token('xox[abceoprs]-[0-9A-Za-z-]{10,}|xoxd-[0-9A-Za-z%+/=_-]{20,}|xapp-\\d-[0-9A-Z]{6,}-\\d{6,}-[0-9a-f]{20,}'),
    flags: '',
    check: (text) => /\d/.test(text.slice(5)) && entropy(text) >= 3,
  },
  {
    id: 'slack-webhook',
    name: 'Slack webhook',
    description: 'Address that posts into a channel',
    severity: 'medium',
    source: 'hooks\\.slack\\.com/(?P<secret>(?:services|workflows|triggers)/[0-9A-Za-z+/]{30,})',
    flags: '',
  },
  {
    id: 'stripe-key',
    name: 'Stripe key',
    description: 'Secret or restricted key, or secret of a webhook',
    severity: 'critical',
    source: token('[sr]k_(?:live|test)_[0-9A-Za-z]{16,}|whsec_[0-9A-Za-z+/=]{24,}'),
    flags: '',
    check: varies(3),
  },
  {
    id: 'twilio-key',
    name: 'Twilio key',
    description: 'Identifier of an API key',
    severity: 'high',
    source: token('SK[0-9a-f]{32}'),
    flags: '',
    check: varies(3),
  },
  {
    id: 'sendgrid-key',
    name: 'SendGrid key',
    description: 'Key that sends mail',
    severity: 'high',
    source: token('SG\\.[0-9A-Za-z_-]{22}\\.[0-9A-Za-z_-]{43}'),
    flags: '',
  },
  {
    id: 'model-key',
    name: 'Key of a model service',
    description: 'Keys that begin with sk- (OpenAI, Anthropic, OpenRouter and others), hf_ or gsk_',
    severity: 'high',
    source: [
      {
        source: token('sk-(?:[a-z0-9]{2,12}-){0,2}[0-9A-Za-z_-]{20,}|gsk_[0-9A-Za-z]{40,}'),
        check: (text) => /\d/.test(text) && /[A-Z]/.test(text) && entropy(text) >= 3.8,
      },
      { source: token('sk-(?:[0-9a-f]{32}|or-v1-[0-9a-f]{64})'), check: varies(3) },
      {
        source: token('hf_[0-9A-Za-z]{34}'),
        check: (text) => /[A-Z]/.test(text) && /[a-z]/.test(text.slice(3)) && entropy(text) >= 3.8,
      },
    ],
    flags: '',
  },
  {
    id: 'databricks-token',
    name: 'Databricks token',
    description: 'Personal access token',
    severity: 'high',
    source: token('dapi[0-9a-f]{32}(?:-\\d)?'),
    flags: '',
    check: varies(3),
  },
  {
    id: 'stackshift-token',
    name: 'StackShift token',
    description: 'Access token of a workspace',
    severity: 'critical',
    source: token('sspat_[0-9A-Za-z_-]{16,}'),
    flags: '',
    check: (text) => /\d/.test(text) && entropy(text) >= 2.5,
  },
  {
    id: 'rstream-token',
    name: 'rstream token',
    description: 'Authentication token of an engine, in a variable, an option or a settings file',
    severity: 'critical',
    source: `rstream[a-z0-9_.-]{0,40}token["']?\\s*[=: ]\\s*["']?(?P<secret>[0-9A-Za-z._~+/=-]{20,})`,
    flags: 'i',
    check: (text) => isFilledIn(text) && entropy(text) >= 3,
  },
  {
    id: 'vault-token',
    name: 'HashiCorp Vault token',
    description: 'Service, batch or recovery token',
    severity: 'critical',
    source: token('hv[sbr]\\.[0-9A-Za-z_-]{24,}|s\\.[0-9A-Za-z]{24}'),
    flags: '',
    check: (text) => /\d/.test(text) && /[A-Z]/.test(text) && entropy(text) >= 3.3,
  },
  {
    id: 'vault-unseal-key',
    name: 'HashiCorp Vault unseal key',
    description: 'A share of the key that opens a vault',
    severity: 'critical',
    source: `unseal key(?: \\d{1,2})?:\\s*(?P<secret>[0-9A-Za-z+/]{43,44}=?|[0-9a-f]{66})(?:[^0-9A-Za-z+/]|$)`,
    flags: 'i',
    check: varies(3),
  },
  {
    id: 'kubernetes-credential',
    name: 'Kubernetes credential',
    description: 'Token, key or certificate key in a kubeconfig, or the token of a bootstrap',
    severity: 'critical',
    source: `(?:client-key-data|certificate-key|id-token|refresh-token|[^a-z]token):?\\s+["']?(?P<secret>[a-z0-9]{6}\\.[a-z0-9]{16}|[0-9A-Za-z+/=._-]{40,})`,
    flags: 'i',
    check: varies(3),
  },
  {
    id: 'web-token',
    name: 'JSON Web Token',
    description: 'A signed or sealed token (JWT) whose head says how',
    severity: 'high',
    source: token('eyJ[0-9A-Za-z_-]{8,}\\.[0-9A-Za-z_-]{2,}\\.[0-9A-Za-z_-]*(?:\\.[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]+)?'),
    flags: '',
    check: isWebToken,
  },

  // Keys and hashes.
  {
    id: 'private-key',
    name: 'Private key',
    description: 'PEM, OpenSSH, PGP or PuTTY private key; the lines of its body belong to it',
    severity: 'critical',
    source: '-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\\d|AGE-SECRET-KEY-1[0-9A-Z]{58}',
    flags: '',
  },
  {
    id: 'password-hash',
    name: 'Password hash',
    description: 'Hash of crypt(3), as in /etc/shadow and password files',
    severity: 'high',
    source:
      '(?P<secret>\\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|argon2(?:id|i|d)|scrypt|pbkdf2-sha\\d+)\\$[0-9A-Za-z./$=,+-]{20,})(?:[^0-9A-Za-z./$]|$)',
    flags: '',
    check: (text) => (text.match(/\$/g)?.length ?? 0) >= 3 && entropy(text) >= 3.5,
  },
  {
    id: 'one-time-seed',
    name: 'Seed of one-time passwords',
    description: 'Key of an authenticator (TOTP, HOTP): a URL, or as a program shows it',
    severity: 'critical',
    source:
      '(?:otpauth://\\S*secret=|secret key is: ?|totp[_-]?(?:secret|seed|key)["\']?\\s*[:=]\\s*["\']?)(?P<secret>[A-Z2-7]{16,})(?:[^0-9A-Za-z]|$)',
    flags: 'i',
    check: varies(3),
  },
];
