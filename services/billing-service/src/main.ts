// Puts the service together: the only place that knows the adapters.

import type { Metrics } from '@quittance/http-kit/metrics'
import { makeTokenVerifier, type TokenVerifierOptions } from '@quittance/http-kit/token'
import type { SpanFacts, Tracing } from '@quittance/http-kit/tracing'
import { pino } from 'pino'
import { derivedStore } from './actions/derived/derived-store.ts'
import { readKeyFile } from './adapters/encryption/key-file.ts'
import { withEncryption } from './adapters/encryption/open.ts'
import { makeHookSender } from './adapters/hooks/sender.ts'
import { makeManualProcessor } from './adapters/manual/processor.ts'
import type { SentCommand } from './adapters/mongo/connect.ts'
import { prepareMongo } from './adapters/mongo/migrate.ts'
import { openMongoStore } from './adapters/mongo/store.ts'
import { prepareDatabase } from './adapters/postgres/prepare.ts'
import { openPostgresStore, type PostgresStore } from './adapters/postgres/store.ts'
import { fileMailer, smtpMailer } from './adapters/smtp/mailer.ts'
import { sheets } from './adapters/spreadsheet/sheets.ts'
import { makeStripeProcessor } from './adapters/stripe/processor.ts'
import { systemClock } from './adapters/system/clock.ts'
import { sha256 } from './adapters/system/hash.ts'
import { makeIds } from './adapters/system/ids.ts'
import { makeLinks } from './adapters/system/links.ts'
import { taxTable } from './adapters/system/tax-table.ts'
import { tracedProcessor, tracedStore } from './adapters/tracing/traced.ts'
import { openPdfRenderer } from './adapters/typst/pdf-renderer.ts'
import { writeXml } from './adapters/xml/write-xml.ts'
import type { Config, StripeConfig } from './config.ts'
import { defaultPlans } from './core/plan.ts'
import type { Deps } from './deps.ts'
import { buildApp } from './http/app.ts'
import { addBillingMetrics, jobMetrics } from './http/billing-metrics.ts'
import { runByName } from './jobs/control.ts'
import { hastenWork } from './jobs/hasten-work.ts'
import { jobs } from './jobs/registry.ts'
import { type RunningJobs, startJobs } from './jobs/runner.ts'
import type { Clock } from './ports/clock.ts'
import type { Processor } from './ports/processor.ts'
import { ProcessorUnavailable } from './ports/processor.ts'
import { StartupProblem } from './ports/startup.ts'
import type { Store } from './ports/store.ts'

export interface ServiceOptions {
  readonly config: Config
  /** The embedded server's owner URL; else the configured database. */
  readonly embeddedOwnerUrl?: string | undefined
  /** Stripe as configured, or the sandbox. */
  readonly stripe: StripeConfig
  readonly sandbox: boolean
  readonly token: TokenVerifierOptions
  /** Where messages are kept while no SMTP server is configured. */
  readonly mailDir: string
  /** The built worker that lays out documents; without it they are laid out in this thread. */
  readonly pdfWorker?: URL | undefined
  /** The built child that lays out issuers' own templates; without it they give way to the house's. */
  readonly templateChild?: URL | undefined
  readonly jobs: 'on' | 'off' | 'only'
  /** A command that does one piece of work: it waits as long as jobs do. */
  readonly command?: boolean
  /** Numbers for Prometheus and who may read them; without it there is no /metrics. */
  readonly metrics?: { readonly metrics: Metrics; readonly token: string | null }
  /** Proxies whose X-Forwarded-For is believed besides those on this machine; null: none. */
  readonly trustProxy?: boolean | readonly string[] | null
  /** Nothing is ever changed at the processor: for imports and comparisons. */
  readonly readOnly?: boolean
  /** Where traces are kept; without it nothing is traced, and nothing is in the way. */
  readonly tracing?: Tracing
  /** What time it is, instead of the machine's clock: for tests of clocks that go wrong. */
  readonly clock?: Clock
  /** Told of every command that is sent to MongoDB. */
  readonly watchMongo?: (command: SentCommand) => void
}

export interface RunningService {
  /** Null for a worker, which serves no requests. */
  readonly url: string | null
  readonly deps: Deps
  /** Finishes requests and jobs in hand, then lets go of the database. */
  close(): Promise<void>
}

/** Opens everything and, unless it is a worker, listens. Throws `StartupProblem` for what the operator can mend. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { config } = options
  const { tracing } = options
  const logger = pino({
    level: config.logLevel,
    base: null,
    ...(tracing !== undefined && { mixin: tracing.logFacts }),
  })
  const store = await openStore(options, line => logger.debug(line))
  try {
    const processor = makeStripeProcessor({
      secretKey: options.stripe.secretKey,
      webhookSecrets: options.stripe.webhookSecrets,
      ...(options.stripe.apiBase === null ? {} : { apiBase: options.stripe.apiBase }),
      // The payer's page if the tab holds a link, else it leads on to the invoices.
      returnUrl: `${config.publicUrl}/p`,
      log: logger,
      ...(options.readOnly === true && { readOnly: true }),
    })
    await stamp(store, processor)
    await store.system.transaction(tx =>
      tx.insertMany('plans', defaultPlans, { onConflict: 'skip' }),
    )
    const deps = makeDeps(options, store, processor, logger)
    if (options.jobs !== 'off') await hastenWork(deps)
    const registry = options.metrics?.metrics.registry
    if (registry !== undefined) addBillingMetrics(registry, deps, poolsOf(store))
    const observe = registry === undefined ? undefined : jobMetrics(registry)
    const running = options.jobs === 'off' ? null : startJobs(deps, tracedJobs(tracing), observe)
    if (options.jobs === 'only') return { url: null, deps, close: () => stop(deps, running, null) }
    const app = await buildApp({
      deps,
      jobs: { list: jobs, run: name => runByName(deps, name) },
      verifier: makeTokenVerifier({ now: deps.clock.real, ...options.token }),
      adminMay: config.adminMay,
      requestsAtOnce: config.capacity.requestsAtOnce,
      requireReason: config.requireReason,
      trustProxy: believed(options.trustProxy),
      metrics: options.metrics,
      tracing,
      logger,
    })
    try {
      const url = await app.listen({ port: config.billingPort, host: config.host })
      return { url, deps, close: () => stop(deps, running, app) }
    } catch (error) {
      await stop(deps, running, app)
      throw busyPort(error, config.billingPort)
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The jobs, each run in a trace of its own; a run that takes nothing says so. */
const tracedJobs = (tracing: Tracing | undefined): typeof jobs =>
  tracing === undefined
    ? jobs
    : jobs.map(job => ({
        ...job,
        run: deps =>
          tracing.span(`job ${job.name}`, 'internal', { 'quittance.taken': -1 }, async span => {
            const counts = await job.run(deps)
            span.add({ 'quittance.taken': counts.taken })
            return counts
          }),
      }))

/** Store and processor with a span around each call, where calls are traced. */
function traced(options: ServiceOptions, store: Store, processor: Processor) {
  const { tracing, config } = options
  if (tracing === undefined) return { store, processor }
  const system = config.database?.mongoUri ? 'mongodb' : 'postgresql'
  const inSpan = <T>(name: string, facts: SpanFacts, call: () => Promise<T>) =>
    tracing.span(name, 'client', facts, call)
  return {
    store: tracedStore(store, system, inSpan),
    processor: tracedProcessor(processor, inSpan),
  }
}

/** MongoDB's driver keeps its connections to itself. */
const poolsOf = (store: Store | PostgresStore) => ('pools' in store ? store : { pools: () => [] })

/** The gateway on this machine always; others as configured. */
const believed = (given: ServiceOptions['trustProxy']) =>
  typeof given === 'boolean' ? given : ['loopback', ...(given ?? [])]

/** What opening a store takes; without `jobs` it is for a piece of work that nobody waits for. */
type StoreOptions = Pick<ServiceOptions, 'config' | 'embeddedOwnerUrl' | 'watchMongo' | 'command'> &
  Partial<Pick<ServiceOptions, 'jobs'>>

/**
 * Brings the configured database to this version, where that is allowed, and opens its store; with
 * `PERSONAL_KEY_FILE` over its encryption.
 */
export async function openStore(
  options: StoreOptions,
  log: (line: string) => void = () => undefined,
): Promise<Store | PostgresStore> {
  const { personalKeyFile } = options.config
  const masters = personalKeyFile === null ? null : readKeyFile(personalKeyFile)
  const store = await openPlainStore(options, log)
  try {
    return await withEncryption(store, masters, systemClock.real)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The store as the database has it. */
export async function openPlainStore(
  options: StoreOptions,
  log: (line: string) => void = () => undefined,
): Promise<Store | PostgresStore> {
  const { database, capacity } = options.config
  const { poolSize, poolWaitMs } = capacity
  const patience = patienceOf(options)
  if (database?.mongoUri) {
    const uri = database.mongoUri
    for (const name of await prepareMongo({ uri })) log(`The database got its ${name}.`)
    return openMongoStore({
      uri,
      poolSize,
      poolWaitMs,
      commandTimeoutMs: patience.system.statementMs,
      ...(options.watchMongo && { watch: options.watchMongo }),
    })
  }
  const prepared = await prepareDatabase({
    ...(options.embeddedOwnerUrl === undefined ? {} : { databaseUrl: options.embeddedOwnerUrl }),
    ...(database?.url ? { databaseUrl: database.url } : {}),
    ...(database?.ownerUrl ? { ownerUrl: database.ownerUrl } : {}),
    ...(database?.systemUrl ? { systemUrl: database.systemUrl } : {}),
    log,
  })
  const { appUrl, systemUrl } = prepared
  return openPostgresStore({ appUrl, systemUrl, poolSize, patience, log })
}

/**
 * Requests are answered soon or refused; jobs may take their time. Where one process does both, what is done for all
 * tenants at once waits as jobs do.
 */
function patienceOf({ config, jobs = 'only', command = false }: StoreOptions) {
  const { requests, jobs: long, poolWaitMs } = config.capacity
  const of = (patient: boolean) => ({ ...(patient ? long : requests), poolWaitMs })
  return { app: of(command || jobs === 'only'), system: of(command || jobs !== 'off') }
}

/** What the actions of a deployment work with. */
export function makeDeps(
  options: ServiceOptions,
  store: Store,
  processor: Processor,
  log: Deps['log'],
): Deps {
  const { config, stripe, sandbox, mailDir, pdfWorker, templateChild } = options
  const ports = traced(options, store, processor)
  const pdf = openPdfRenderer(
    pdfWorker === undefined ? { run: 'in-process' } : { run: 'thread', entry: pdfWorker },
    templateChild,
  )
  return {
    store: derivedStore(ports.store),
    processor: ports.processor,
    links: makeLinks(linkSecret(options)),
    manual: makeManualProcessor({ recorded: recordedIn(store) }),
    renderer: { ...pdf, ...sheets, xml: writeXml },
    mailer:
      config.mail.smtpUrl === null
        ? fileMailer(mailDir, config.mail.from)
        : smtpMailer(config.mail.smtpUrl, config.mail.from),
    hooks: makeHookSender({ targets: config.webhookTargets }),
    clock: options.clock ?? systemClock,
    ids: makeIds(),
    hash: sha256,
    taxes: taxTable,
    log,
    settings: config.settings,
    publicUrl: config.publicUrl,
    mailsTestTenants: config.mail.testTenants,
    issuer: config.issuer,
    numbering: config.numbering,
    publishableKey: stripe.publishableKey,
    sandbox,
    retention: config.retention,
    monitor: config.monitor,
    approvals: config.approvals,
  }
}

/** Links hold as long as the secret behind them: their own, the one of tokens, or Stripe's key. */
const linkSecret = ({ config, token, stripe }: ServiceOptions): string =>
  config.payLinkSecret ?? ('secret' in token ? token.secret : undefined) ?? stripe.secretKey

/** What an operator recorded is what our own rows say. */
const recordedIn = (store: Store) => async (processorId: string) => {
  const { rows } = await store.system.list('transactions', { where: { processorId }, limit: 1 })
  return rows[0] ?? null
}

/** Marks the database with processor, account and mode at the first start; another key does not start on it. */
async function stamp(store: Store, processor: Processor): Promise<void> {
  const identity = await identify(processor)
  const found = await store.system.find('deployment', 'deployment')
  if (found === null) {
    await store.system.transaction(tx =>
      tx.insertMany(
        'deployment',
        [
          {
            id: 'deployment',
            processor: processor.name,
            ...identity,
            createdAt: systemClock.real(),
          },
        ],
        { onConflict: 'skip' },
      ),
    )
    return
  }
  const same = found.account === identity.account && found.mode === identity.mode
  if (found.processor === processor.name && same) return
  throw new StartupProblem(
    `This database belongs to ${found.processor} account ${found.account} (${found.mode}), but the key given is of ${processor.name} account ${identity.account} (${identity.mode}). Use the first key again, or choose a new DATA_DIR, DATABASE_URL or MONGODB_URI for the other one.`,
  )
}

async function identify(processor: Processor) {
  try {
    return await processor.identify()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartupProblem(
      error instanceof ProcessorUnavailable
        ? `Stripe cannot be reached (${reason}). Check the network and STRIPE_API_BASE.`
        : `Stripe does not take this key (${reason}). Check STRIPE_SECRET_KEY.`,
      { cause: error },
    )
  }
}

const busyPort = (error: unknown, port: number): unknown =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    ? new StartupProblem(`Port ${port} is busy: stop what listens there, or set BILLING_PORT.`)
    : error

async function stop(
  deps: Deps,
  running: RunningJobs | null,
  app: { close(): Promise<void> } | null,
): Promise<void> {
  await app?.close()
  await running?.stop()
  await deps.renderer.close()
  await deps.mailer.close()
  deps.hooks.close()
  await deps.store.close()
}
