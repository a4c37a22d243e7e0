// What the service needs around it and was not given: an embedded database, an embedded Stripe sandbox,
// secrets. Nothing here outlives the process that opened it.
import { join } from 'node:path'
import { basePath } from '@quittance/billing-contract/paths'
import { chooseDataDir, startEmbedded } from '@quittance/billing-service/adapters/postgres/embedded'
import type { PrepareOptions } from '@quittance/billing-service/adapters/postgres/prepare'
import type { Config, StripeConfig } from '@quittance/billing-service/config'
import type { ServiceOptions } from '@quittance/billing-service/main'
import { type Sandbox, startSandbox } from '@quittance/stripe-sandbox/server'
import { Problem } from './command.ts'
import type { Stoppable } from './lifetime.ts'
import { dataDirByDefault, pdfWorker, templateChild } from './places.ts'
import { type RunningProduct, runningOn } from './running.ts'
import { secretsIn } from './secrets.ts'
import { warn } from './terminal.ts'
import type { SigningSettings } from './tokens.ts'

export interface Surroundings {
  readonly dataDir: string
  /** Everything that the service needs besides its task. */
  readonly service: Omit<ServiceOptions, 'config' | 'jobs'>
  /** Signs demo tokens; null beside the real Stripe. */
  readonly signing: SigningSettings | null
  /** A few words for each embedded part. */
  readonly embedded: readonly string[]
  readonly notices: readonly string[]
  readonly sandboxUrl: string | null
  /** In the order in which they have to stop. */
  readonly parts: readonly Stoppable[]
}

export interface SurroundingOptions {
  /** Whether a product that already runs on the data directory is joined; else a second one is refused. */
  readonly beside: boolean
}

/** A part that somebody else runs (`running`) or that was opened here and stops with us. */
interface Opened<T> {
  readonly value: T
  readonly says: string | null
  readonly part: Stoppable | null
}

async function openDatabase(
  dataDir: string,
  running: RunningProduct | null,
): Promise<Opened<string>> {
  if (running?.ownerUrl) return { value: running.ownerUrl, says: null, part: null }
  const server = await startEmbedded({ dataDir, log: warn })
  return {
    value: server.ownerUrl,
    // The banner names the data directory once, for everything.
    says: server.describe.replace(/, data in .*$/, ''),
    part: { name: 'PostgreSQL', stop: () => server.stop() },
  }
}

const sandboxKeys = { secretKey: 'sk_test_sandbox', publishableKey: 'pk_test_sandbox' }

const hookPath = `${basePath}/webhooks/stripe`

/** Another start may have had another port: what is delivered there now would reach a stranger. */
async function forgetFormerAddresses(sandbox: Sandbox, current: string): Promise<void> {
  const former = sandbox.state
    .list('webhook_endpoint')
    .filter(({ url }) => url !== current && new URL(url).pathname === hookPath)
  const headers = { authorization: `Bearer ${sandbox.secretKey}` }
  for (const { id } of former) {
    await fetch(`${sandbox.url}/v1/webhook_endpoints/${id}`, { method: 'DELETE', headers })
  }
}

async function openSandbox(
  config: Config,
  dataDir: string,
  webhookSecret: string,
  running: RunningProduct | null,
): Promise<Opened<string>> {
  if (running?.sandboxUrl) return { value: running.sandboxUrl, says: null, part: null }
  // A command that does one thing listens nowhere: there is nobody to deliver to.
  const url = config.billingPort > 0 ? `http://127.0.0.1:${config.billingPort}${hookPath}` : null
  const sandbox = await startSandbox({
    ...sandboxKeys,
    dataDir: join(dataDir, 'sandbox'),
    webhooks: url === null ? [] : [{ url, secret: webhookSecret }],
  })
  if (url !== null) await forgetFormerAddresses(sandbox, url)
  return {
    value: sandbox.url,
    says: `a Stripe sandbox at ${sandbox.url}`,
    part: { name: 'The Stripe sandbox', stop: () => sandbox.close() },
  }
}

/** The database alone, as the owner reaches it, for commands that only look after it. */
export async function openDatabaseOf(
  config: Config,
): Promise<{ readonly urls: PrepareOptions; readonly parts: readonly Stoppable[] }> {
  if (config.database !== null) {
    const { url, ownerUrl, systemUrl, mongoUri } = config.database
    if (mongoUri !== null) {
      throw new Problem('This works on PostgreSQL. For MongoDB use mongodump and mongorestore.')
    }
    return {
      urls: {
        ...(url === null ? {} : { databaseUrl: url }),
        ...(ownerUrl === null ? {} : { ownerUrl }),
        ...(systemUrl === null ? {} : { systemUrl }),
      },
      parts: [],
    }
  }
  const { dataDir } = chooseDataDir(config.dataDir ?? undefined, dataDirByDefault)
  const { value, part } = await openDatabase(dataDir, runningOn(dataDir))
  return { urls: { databaseUrl: value }, parts: part === null ? [] : [part] }
}

/** With the sandbox and no key given, tokens are ours to sign; a given key is used beside it. */
export function tokenKeys(config: Config, ownSecret: string | null): ServiceOptions['token'] {
  const { secret, publicKey, jwksUrl, issuer, audience, claims } = config.token
  return {
    secret: secret ?? ownSecret ?? undefined,
    publicKey: publicKey ?? undefined,
    jwksUrl: jwksUrl ?? undefined,
    issuer: issuer ?? undefined,
    audience: audience ?? undefined,
    claims,
  }
}

export function signingWith(config: Config, secret: string): SigningSettings {
  const { issuer, audience, claims } = config.token
  return {
    secret: config.token.secret ?? secret,
    issuer: issuer ?? undefined,
    audience: audience ?? undefined,
    claims,
  }
}

/** Stripe as configured, or the sandbox in its place. */
async function openStripe(config: Config, dataDir: string, running: RunningProduct | null) {
  if (config.stripe !== null) {
    const stripe = { value: config.stripe, says: null, part: null } satisfies Opened<StripeConfig>
    return { stripe, signing: null, token: tokenKeys(config, null), url: null }
  }
  const secrets = secretsIn(dataDir)
  const webhookSecret = config.webhookSecret ?? secrets.webhookSecret
  const sandbox = await openSandbox(config, dataDir, webhookSecret, running)
  const { value: apiBase } = sandbox
  const stripe: Opened<StripeConfig> = {
    ...sandbox,
    value: { ...sandboxKeys, webhookSecrets: [webhookSecret], apiBase },
  }
  const signing = signingWith(config, secrets.jwtSecret)
  return { stripe, signing, token: tokenKeys(config, secrets.jwtSecret), url: apiBase }
}

/**
 * Opens what is missing, or finds it in the product that already runs on the data directory. If one part does
 * not come up, those that did are stopped again before the problem is thrown (`StartupProblem`, `Problem`).
 */
export async function openSurroundings(
  config: Config,
  { beside }: SurroundingOptions,
): Promise<Surroundings> {
  const { dataDir, notice } = chooseDataDir(config.dataDir ?? undefined, dataDirByDefault)
  const running = beside ? runningOn(dataDir) : null
  const parts: Stoppable[] = []
  try {
    const database = config.database === null ? await openDatabase(dataDir, running) : null
    if (database?.part) parts.unshift(database.part)
    const { stripe, signing, token, url } = await openStripe(config, dataDir, running)
    if (stripe.part) parts.unshift(stripe.part)
    return {
      dataDir,
      service: {
        embeddedOwnerUrl: database?.value,
        stripe: stripe.value,
        sandbox: config.stripe === null,
        token,
        mailDir: join(dataDir, 'mail'),
        pdfWorker,
        templateChild,
      },
      signing,
      embedded: [database?.says, stripe.says].filter(says => typeof says === 'string'),
      notices: notice === null ? [] : [notice],
      sandboxUrl: url,
      parts,
    }
  } catch (error) {
    for (const part of parts) await part.stop().catch(() => undefined)
    throw error
  }
}
