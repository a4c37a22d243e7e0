// The configuration, read once from the environment: typed, validated, frozen. Every bad value is named in
// one message, so nobody has to start the product five times to find five mistakes.
import { issuerPermissions, type Permission } from '@quittance/billing-contract/permissions'
import { readApprovals } from './approval-config.ts'
import { type Capacity, readCapacity } from './capacity-config.ts'
import type { ApprovalLimits } from './core/approval.ts'
import type { BankDebitSettings } from './core/bank-debit-access.ts'
import type { PartySnapshot } from './core/invoice.ts'
import { isMailKind, type MailChoices, mailKinds } from './core/mail.ts'
import { fromWire, isCurrency, percentToPpm } from './core/money.ts'
import type { HealthThresholds } from './core/payment-health.ts'
import type { Numbering } from './core/records.ts'
import type { Retention } from './core/retention.ts'
import type { BillingSettings } from './core/tenant.ts'
import { isZone } from './core/time.ts'
import { StartupProblem } from './ports/startup.ts'
import { readToken, secretBytesMin, type TokenConfig } from './token-config.ts'

export interface StripeConfig {
  readonly secretKey: string
  readonly publishableKey: string | null
  /** Two while one is being rotated. */
  readonly webhookSecrets: readonly string[]
  /** Another Stripe-compatible server. */
  readonly apiBase: string | null
}

export interface Config {
  readonly billingPort: number
  readonly gatewayPort: number
  readonly host: string
  /** Where payers reach the dashboard: they come back here from a challenge of their bank. */
  readonly publicUrl: string
  /** Signs links to pay without signing in; null takes the secret of tokens. */
  readonly payLinkSecret: string | null
  /** Where the gateway finds the service; null: the one of the same process. */
  readonly billingUrl: string | null
  /** Null: the embedded PostgreSQL. */
  readonly database: {
    readonly url: string | null
    readonly ownerUrl: string | null
    readonly systemUrl: string | null
    /** MongoDB instead of PostgreSQL; the others are null then. */
    readonly mongoUri: string | null
  } | null
  /** As given; null takes the default. */
  readonly dataDir: string | null
  /** Master keys of personal fields; null stores them in clear. */
  readonly personalKeyFile: string | null
  /** Null: the embedded sandbox. */
  readonly stripe: StripeConfig | null
  /** With the sandbox: signs its deliveries. */
  readonly webhookSecret: string | null
  readonly token: TokenConfig
  readonly adminMay: readonly Permission[]
  /** Whether operators must say why they change something of a tenant. */
  readonly requireReason: boolean
  readonly settings: BillingSettings
  readonly issuer: PartySnapshot
  readonly numbering: Numbering
  readonly monitor: HealthThresholds
  readonly approvals: ApprovalLimits
  readonly capacity: Capacity
  readonly retention: Retention
  readonly mail: {
    readonly smtpUrl: string | null
    readonly from: string
    readonly testTenants: boolean
  }
  /** Whether webhook endpoints may be on private addresses and without TLS. */
  readonly webhookTargets: 'public' | 'any'
  readonly logLevel: string
}

type Environment = Readonly<Record<string, string | undefined>>

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Reads values and collects what is wrong with them. */
function reader(environment: Environment) {
  const problems: string[] = []
  const text = (name: string): string | null => {
    const value = environment[name]?.trim()
    return value === undefined || value === '' ? null : value
  }
  const checked = <T>(
    name: string,
    fallback: T,
    says: string,
    read: (value: string) => T | null,
  ) => {
    const value = text(name)
    if (value === null) return fallback
    const result = read(value)
    if (result !== null) return result
    problems.push(`${name} is "${value}", but must be ${says}.`)
    return fallback
  }
  const whole = (name: string, fallback: number, min: number, max: number): number =>
    checked(name, fallback, `a whole number from ${min} to ${max}`, value => {
      const number = Number(value)
      return Number.isInteger(number) && number >= min && number <= max ? number : null
    })
  const url = (name: string, schemes: readonly string[]): string | null =>
    checked<string | null>(
      name,
      null,
      `an address that starts with ${schemes.map(scheme => `${scheme}://`).join(' or ')}`,
      value =>
        URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1))
          ? value
          : null,
    )
  const oneOf = <T extends string>(name: string, fallback: T, allowed: readonly T[]): T =>
    checked<T>(name, fallback, `one of ${allowed.join(', ')}`, value => {
      const known = allowed.find(each => each === value)
      return known ?? null
    })
  return { problems, text, checked, whole, oneOf, url }
}

type Reader = ReturnType<typeof reader>

function readStripe({ text, url, problems }: Reader): StripeConfig | null {
  const secretKey = text('STRIPE_SECRET_KEY')
  const publishableKey = text('STRIPE_PUBLISHABLE_KEY')
  const secrets = text('STRIPE_WEBHOOK_SECRET')
  const apiBase = url('STRIPE_API_BASE', ['http', 'https'])
  if (secretKey === null) {
    if (publishableKey !== null) {
      problems.push('STRIPE_PUBLISHABLE_KEY is set without STRIPE_SECRET_KEY; set both or neither.')
    }
    return null
  }
  if (!/^(sk|rk)_(test|live)_\w+$/.test(secretKey)) {
    problems.push('STRIPE_SECRET_KEY must start with sk_test_, sk_live_, rk_test_ or rk_live_.')
  }
  if (secrets === null) {
    problems.push(
      'STRIPE_WEBHOOK_SECRET is missing: with STRIPE_SECRET_KEY set, give the signing secret (whsec_...) of the webhook endpoint.',
    )
  }
  const webhookSecrets = (secrets ?? '').split(',').map(secret => secret.trim())
  return { secretKey, publishableKey, webhookSecrets: webhookSecrets.filter(Boolean), apiBase }
}

function readBankDebits({ checked, text, problems }: Reader): BankDebitSettings {
  const bankDebitAccess = checked<BankDebitSettings['bankDebitAccess']>(
    'BILLING_BANK_DEBIT_ACCESS',
    'on_clearing',
    'on_submit, on_clearing or up_to_limit',
    value =>
      value === 'on_submit' || value === 'on_clearing' || value === 'up_to_limit' ? value : null,
  )
  const limit = text('BILLING_BANK_DEBIT_LIMIT')
  const currency = text('BILLING_CURRENCY') ?? 'USD'
  if (limit === null || !isCurrency(currency)) return { bankDebitAccess, bankDebitLimitMinor: 0 }
  try {
    return { bankDebitAccess, bankDebitLimitMinor: fromWire(limit, currency) }
  } catch {
    problems.push(`BILLING_BANK_DEBIT_LIMIT must be an amount of ${currency} such as 500.`)
    return { bankDebitAccess, bankDebitLimitMinor: 0 }
  }
}

const behaviors = ['now', 'next_invoice', 'period_end', 'full_price', 'none'] as const

function readSettings(read: Reader): BillingSettings {
  const { checked, whole, oneOf } = read
  return {
    currency: checked('BILLING_CURRENCY', 'USD', 'a currency code such as USD', value =>
      isCurrency(value) ? value : null,
    ),
    taxRatePpm: checked('BILLING_TAX_RATE', 0, 'a percentage from 0 to 100 such as 8.875', readPpm),
    taxExempt: false,
    taxRoundingLevel: oneOf('BILLING_TAX_LEVEL', 'rate', ['rate', 'line', 'invoice']),
    taxRounding: oneOf('BILLING_TAX_ROUNDING', 'half_away', ['half_away', 'half_even']),
    taxInclusiveRounding: oneOf('BILLING_TAX_INCLUSIVE', 'round_tax', ['round_tax', 'round_net']),
    trialDays: whole('BILLING_TRIAL_DAYS', 14, 0, 730),
    trialNeedsMethod: oneOf('BILLING_TRIAL_NEEDS_METHOD', 'no', ['yes', 'no']) === 'yes',
    lateUsage: oneOf('BILLING_LATE_USAGE', 'next_invoice', ['next_invoice', 'reject']),
    upgradeBehavior: oneOf('BILLING_UPGRADE', 'now', behaviors),
    downgradeBehavior: oneOf('BILLING_DOWNGRADE', 'period_end', behaviors),
    cycleChangeBehavior: oneOf('BILLING_CYCLE_CHANGE', 'now', ['now', 'period_end']),
    prorationUnit: oneOf('BILLING_PRORATION_UNIT', 'second', ['second', 'day']),
    gracePeriodDays: whole('BILLING_GRACE_PERIOD_DAYS', 7, 0, 90),
    dunningAttempts: whole('BILLING_DUNNING_ATTEMPTS', 3, 0, 8),
    dunningIntervalDays: whole('BILLING_DUNNING_INTERVAL_DAYS', 3, 1, 30),
    dunningDays: checked(
      'BILLING_DUNNING_DAYS',
      null,
      'a list of at most 8 rising days such as 1,3,5,7,10,14',
      readDays,
    ),
    dunningFinalAction: checked<'unpaid' | 'cancel'>(
      'BILLING_DUNNING_FINAL_ACTION',
      'unpaid',
      'unpaid or cancel',
      value => (value === 'unpaid' || value === 'cancel' ? value : null),
    ),
    disputeAction: checked<'cancel_when_lost' | 'cancel_at_once' | 'keep'>(
      'BILLING_DISPUTE_ACTION',
      'cancel_when_lost',
      'cancel_when_lost, cancel_at_once or keep',
      value =>
        value === 'cancel_when_lost' || value === 'cancel_at_once' || value === 'keep'
          ? value
          : null,
    ),
    trialEndBehavior: checked<'pause' | 'cancel' | 'create_invoice'>(
      'BILLING_TRIAL_END',
      'pause',
      'pause, cancel or create_invoice',
      value =>
        value === 'pause' || value === 'cancel' || value === 'create_invoice' ? value : null,
    ),
    draftHours: whole('BILLING_DRAFT_HOURS', 1, 0, 240),
    usageDraftHours: whole('BILLING_USAGE_DRAFT_HOURS', 24, 0, 240),
    reminderDays: whole('BILLING_REMINDER_DAYS', 3, 0, 30),
    paymentTermDays: whole('BILLING_PAYMENT_TERM_DAYS', 14, 0, 180),
    backupMethods: checked('BILLING_BACKUP_METHODS', false, 'true or false', value =>
      value === 'true' ? true : value === 'false' ? false : null,
    ),
    ...readBankDebits(read),
    zone: checked('BILLING_ZONE', 'UTC', 'an IANA time zone such as Asia/Shanghai', value =>
      isZone(value) ? value : null,
    ),
    language: checked<'en' | 'zh-CN'>('BILLING_LANGUAGE', 'en', 'en or zh-CN', value =>
      value === 'en' || value === 'zh-CN' ? value : null,
    ),
    notifications: checked<MailChoices>('MAIL_OFF', {}, mailOffSays, readMailOff),
  }
}

const mailOffSays = `all, or some of ${mailKinds.join(',')}`

/** Kinds the issuer sends by other means, or not at all. */
function readMailOff(value: string): MailChoices | null {
  const kinds = value === 'all' ? mailKinds : value.split(',').map(kind => kind.trim())
  if (!kinds.every(isMailKind)) return null
  return Object.fromEntries(kinds.map(kind => [kind, { enabled: false }]))
}

const percentSays = 'a percentage from 0 to 100 such as 0.75'

function readMonitor({ checked, whole }: Reader): HealthThresholds {
  return {
    failureRatePpm: checked('MONITOR_FAILURE_RATE', 200_000, percentSays, readPpm),
    refundRatePpm: checked('MONITOR_REFUND_RATE', 100_000, percentSays, readPpm),
    disputeRatePpm: checked('MONITOR_DISPUTE_RATE', 7_500, percentSays, readPpm),
    paymentsMin: whole('MONITOR_PAYMENTS_MIN', 20, 1, 1_000_000),
  }
}

/** Days for which something is kept, or `keep`: for good. */
function readRetention({ checked, whole }: Reader): Retention {
  const days = (name: string, fallback: number) =>
    checked<number | null | undefined>(
      name,
      fallback,
      'keep, or whole days from 7 to 3650',
      value => {
        if (value === 'keep') return undefined
        const number = Number(value)
        return Number.isInteger(number) && number >= 7 && number <= 3_650 ? number : null
      },
    ) ?? null
  return {
    mailDays: days('RETENTION_MAIL_DAYS', 365),
    webhookDays: days('RETENTION_WEBHOOK_DAYS', 90),
    exportDays: days('RETENTION_EXPORT_DAYS', 30),
    answerHours: whole('RETENTION_ANSWER_HOURS', 24, 24, 720),
  }
}

function readDays(value: string): readonly number[] | null {
  const days = value.split(',').map(Number)
  const rising = days.every((day, at) => Number.isInteger(day) && day > (days[at - 1] ?? 0))
  return rising && days.length <= 8 && (days.at(-1) ?? 0) <= 60 ? days : null
}

function readPpm(value: string): number | null {
  try {
    const ppm = percentToPpm(value)
    return ppm >= 0 && ppm <= 1_000_000 ? ppm : null
  } catch {
    return null
  }
}

function readDatabase({ url, problems }: Reader): Config['database'] {
  const schemes = ['postgres', 'postgresql']
  const urls = {
    url: url('DATABASE_URL', schemes),
    ownerUrl: url('DATABASE_OWNER_URL', schemes),
    systemUrl: url('DATABASE_SYSTEM_URL', schemes),
  }
  const mongoUri = url('MONGODB_URI', ['mongodb', 'mongodb+srv'])
  const postgres = Object.values(urls).some(given => given !== null)
  if (mongoUri !== null && postgres) {
    problems.push('Set only one of MONGODB_URI and DATABASE_URL: one database keeps the books.')
  } else if (urls.url === null && (urls.ownerUrl !== null || urls.systemUrl !== null)) {
    problems.push('DATABASE_OWNER_URL and DATABASE_SYSTEM_URL need DATABASE_URL beside them.')
  }
  return postgres || mongoUri !== null ? { ...urls, mongoUri } : null
}

function readIssuer({ text }: Reader): PartySnapshot {
  const taxId = text('ISSUER_TAX_ID')
  return {
    name: text('ISSUER_NAME') ?? 'Quittance Demo',
    email: text('ISSUER_EMAIL'),
    address: {
      line1: text('ISSUER_ADDRESS_LINE1'),
      line2: text('ISSUER_ADDRESS_LINE2'),
      city: text('ISSUER_CITY'),
      state: text('ISSUER_STATE'),
      postalCode: text('ISSUER_POSTAL_CODE'),
      country: text('ISSUER_COUNTRY'),
    },
    taxIds: taxId === null ? [] : [{ type: text('ISSUER_TAX_ID_TYPE') ?? 'vat', value: taxId }],
    purchaseOrder: null,
  }
}

function readAdminMay({ text, problems }: Reader): Permission[] {
  const names = (text('ADMIN_MAY') ?? '').split(',').map(name => name.trim())
  return names.filter(Boolean).flatMap(name => {
    const permission = issuerPermissions.find(p => p === name || p.endsWith(`.${name}`))
    if (permission === undefined) {
      problems.push(
        `ADMIN_MAY names "${name}", but must list some of: ${issuerPermissions.join(', ')}.`,
      )
      return []
    }
    return [permission]
  })
}

/** Reads the configuration. Throws one `StartupProblem` that names everything that is wrong. */
export function loadConfig(environment: Environment): Config {
  const read = reader(environment)
  const stripe = readStripe(read)
  const gatewayPort = read.whole('GATEWAY_PORT', 3000, 0, 65_535)
  const config: Config = {
    billingPort: read.whole('BILLING_PORT', 3010, 0, 65_535),
    gatewayPort,
    host: read.text('HOST') ?? '127.0.0.1',
    publicUrl: (
      read.url('PUBLIC_URL', ['http', 'https']) ?? `http://127.0.0.1:${gatewayPort}`
    ).replace(/\/$/, ''),
    payLinkSecret: read.checked<string | null>(
      'PAY_LINK_SECRET',
      null,
      'a text of at least 32 bytes',
      value => (Buffer.byteLength(value) >= secretBytesMin ? value : null),
    ),
    billingUrl: read.url('BILLING_URL', ['http', 'https']),
    database: readDatabase(read),
    dataDir: read.text('DATA_DIR'),
    personalKeyFile: read.text('PERSONAL_KEY_FILE'),
    stripe,
    webhookSecret: stripe === null ? read.text('STRIPE_WEBHOOK_SECRET') : null,
    token: readToken(read, stripe === null),
    adminMay: readAdminMay(read),
    requireReason: read.oneOf('REQUIRE_REASON', '0', ['0', '1']) === '1',
    settings: readSettings(read),
    issuer: readIssuer(read),
    numbering: {
      series: read.oneOf('NUMBER_SERIES', 'tenant', ['tenant', 'issuer']),
      reset: read.oneOf('NUMBER_RESET', 'never', ['never', 'yearly']),
    },
    monitor: readMonitor(read),
    approvals: readApprovals(read),
    capacity: readCapacity(read),
    retention: readRetention(read),
    mail: {
      smtpUrl: read.url('SMTP_URL', ['smtp', 'smtps']),
      from: read.text('MAIL_FROM') ?? 'billing@localhost',
      testTenants: read.checked('MAIL_TEST_TENANTS', false, 'send or keep', value =>
        value === 'send' ? true : value === 'keep' ? false : null,
      ),
    },
    webhookTargets: read.oneOf('WEBHOOK_TARGETS', 'public', ['public', 'any']),
    logLevel: read.checked('LOG_LEVEL', 'info', `one of ${logLevels.join(', ')}`, value =>
      logLevels.includes(value) ? value : null,
    ),
  }
  if (read.problems.length > 0) {
    throw new StartupProblem(['The configuration cannot be used:', ...read.problems].join('\n  - '))
  }
  return deepFreeze(config)
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) deepFreeze(member)
  }
  return Object.freeze(value)
}
