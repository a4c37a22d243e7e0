// `quittance start`: the whole product in one process. It puts the parts together in order and takes them
// apart in order; what each part does is its own matter.

import { startGateway } from '@quittance/api-gateway/server'
import { createBillingClient } from '@quittance/billing-client/client'
import { BillingError } from '@quittance/billing-client/error'
import { type Config, loadConfig } from '@quittance/billing-service/config'
import { startService } from '@quittance/billing-service/main'
import { freePort } from '@quittance/http-kit/free-port'
import { makeMetrics } from '@quittance/http-kit/metrics'
import { bannerOf } from './banner.ts'
import { exitCodes, type Invocation, type Run } from './command.ts'
import { demoPeople, makeDemoIssuer } from './demo.ts'
import {
  assertTls,
  type GatewaySettings,
  gatewayOptions,
  readGatewaySettings,
  sharedLimiter,
} from './gateway-settings.ts'
import { type Lifetime, type Stoppable, stopInOrder, watchSignals } from './lifetime.ts'
import { dashboardDir } from './places.ts'
import { assertFree } from './ports.ts'
import { announce } from './running.ts'
import { type ClientFor, seedDemo } from './seed.ts'
import { openSurroundings, type Surroundings } from './surroundings.ts'
import { warn } from './terminal.ts'
import { type SigningSettings, signToken } from './tokens.ts'
import { tracingOf } from './tracing.ts'
import { version } from './version.ts'

/** Clients for the history of the demo, straight at the service: the gateway listens last. */
function seedingClients(billingUrl: string, signing: SigningSettings): ClientFor {
  return (person, tenantId) => {
    const own = person === 'admin'
    const who = { subject: `demo-${person}`, tenantId: own ? tenantId : null, roles: [person] }
    const token = () => signToken({ ...who, hours: 1 }, signing, Date.now())
    return createBillingClient({ baseUrl: billingUrl, token, ...(own ? {} : { tenantId }) })
  }
}

/** A demo without its history is still a product, so a failure is told and no more. */
async function giveHistory(billingUrl: string, signing: SigningSettings): Promise<void> {
  try {
    await seedDemo(seedingClients(billingUrl, signing))
  } catch (error) {
    if (!(error instanceof BillingError)) throw error
    warn(`The demo has no full history: ${error.detail} [${error.code}]`)
  }
}

/** The configuration of a whole product in one process: quiet unless asked, on ports that are free. */
async function configFor(env: Invocation['env']): Promise<Config> {
  const quiet = { ...env, LOG_LEVEL: env.LOG_LEVEL || 'warn' }
  const config = loadConfig(quiet)
  await assertFree(config.gatewayPort, 'GATEWAY_PORT')
  await assertFree(config.billingPort, 'BILLING_PORT')
  // The sandbox must know where to deliver before the service listens.
  if (config.billingPort > 0) return config
  return loadConfig({ ...quiet, BILLING_PORT: String(await freePort()) })
}

interface Product {
  readonly surroundings: Surroundings
  readonly gatewayUrl: string
  readonly billingUrl: string
}

/** Starts part after part, each noted in `parts` for stopping, the last one first. */
async function assemble(
  config: Config,
  settings: GatewaySettings,
  env: Invocation['env'],
  parts: Stoppable[],
  lifetime: Lifetime,
): Promise<Product | null> {
  const metrics = makeMetrics()
  const traces = await tracingOf(env, 'quittance', parts)
  const surroundings = await openSurroundings(config, { beside: false })
  parts.unshift(...surroundings.parts)
  if (lifetime.isEnding()) return null
  const service = await startService({
    ...surroundings.service,
    config,
    jobs: 'on',
    metrics: { metrics, token: settings.metricsToken },
    ...traces,
  })
  parts.unshift({ name: 'The billing service', stop: () => service.close() })
  const billingUrl = `http://127.0.0.1:${config.billingPort}`
  const { signing } = surroundings
  if (signing !== null && !lifetime.isEnding()) await giveHistory(billingUrl, signing)
  if (lifetime.isEnding()) return null
  const limiter = sharedLimiter(settings, warn)
  if (limiter !== null) parts.unshift({ name: 'Redis', stop: async () => limiter.close() })
  const gateway = await startGateway({
    ...gatewayOptions(settings, metrics, limiter),
    port: config.gatewayPort,
    host: config.host,
    billingUrl,
    token: surroundings.service.token,
    staticDir: dashboardDir,
    stripeJs: config.stripe !== null,
    ...traces,
    demo: signing === null ? null : makeDemoIssuer(signing, Date.now),
  })
  parts.unshift({ name: 'The gateway', stop: () => gateway.close() })
  return { surroundings, gatewayUrl: gateway.url, billingUrl }
}

/** The demo asks for no password: whoever can reach it can be anybody. */
function exposure(config: Config): string[] {
  const local = ['127.0.0.1', '::1', 'localhost'].includes(config.host)
  if (local || config.stripe !== null) return []
  return [`Whoever reaches ${config.host}:${config.gatewayPort} can sign in: this is a demo.`]
}

function present(product: Product, config: Config): void {
  const { surroundings, gatewayUrl, billingUrl } = product
  const { embedded, notices, dataDir, signing } = surroundings
  const facts = {
    version,
    seconds: performance.now() / 1000,
    gatewayUrl,
    billingUrl,
    people: signing === null ? [] : demoPeople,
    embedded,
    dataDir,
    notices: [...notices, ...exposure(config)],
  }
  process.stdout.write(bannerOf(facts))
}

function announced({ surroundings, gatewayUrl, billingUrl }: Product): Stoppable {
  const withdraw = announce(surroundings.dataDir, {
    pid: process.pid,
    gatewayUrl,
    billingUrl,
    ownerUrl: surroundings.service.embeddedOwnerUrl ?? null,
    sandboxUrl: surroundings.sandboxUrl,
  })
  return { name: 'The note of where it runs', stop: async () => withdraw() }
}

export const runStart: Run = async ({ env }) => {
  const config = await configFor(env)
  const settings = readGatewaySettings(env)
  assertTls(config, settings)
  const lifetime = watchSignals()
  const parts: Stoppable[] = []
  try {
    const product = await assemble(config, settings, env, parts, lifetime)
    if (product !== null) {
      parts.unshift(announced(product))
      present(product, config)
      await lifetime.ended
    }
  } catch (error) {
    await stopInOrder(parts, warn)
    // Ctrl-C reaches the programs of a start under way too: their complaint is no news.
    if (lifetime.isEnding()) return exitCodes.ok
    throw error
  }
  return (await stopInOrder(parts, warn)) ? exitCodes.ok : exitCodes.problem
}
