// The HTTP server of the billing service: the contract's operations, the OpenAPI document with its page,
// and the health checks.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { openApiDocument } from '@quittance/billing-contract/openapi'
import { basePath } from '@quittance/billing-contract/routes'
import { closeWithin } from '@quittance/http-kit/close-within'
import { installKit, serverOptions } from '@quittance/http-kit/fastify-kit'
import { boundInFlight } from '@quittance/http-kit/in-flight'
import { installMetrics, type Metrics } from '@quittance/http-kit/metrics'
import { installTracing, type Tracing } from '@quittance/http-kit/tracing'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { isTooDeep, nestedTooDeep } from './json-depth.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { brandingRoutes } from './routes/branding.ts'
import { closingRoutes } from './routes/closings.ts'
import { couponRoutes } from './routes/coupons.ts'
import { creditRoutes } from './routes/credits.ts'
import { customerRoutes } from './routes/customers.ts'
import { dunningReportRoutes } from './routes/dunning-report.ts'
import { entitlementRoutes } from './routes/entitlements.ts'
import { exportRoutes } from './routes/exports.ts'
import { fapiaoRoutes } from './routes/fapiao.ts'
import { fileExportRoutes } from './routes/file-exports.ts'
import { historyRoutes } from './routes/history.ts'
import { invoiceRoutes } from './routes/invoices.ts'
import { issuerRoutes } from './routes/issuer.ts'
import { jobRoutes } from './routes/jobs.ts'
import { mailRoutes } from './routes/mail.ts'
import { payLinkRoutes } from './routes/pay-links.ts'
import { paymentHealthRoutes } from './routes/payment-health.ts'
import { paymentMethodRoutes } from './routes/payment-methods.ts'
import { planRoutes } from './routes/plans.ts'
import { privacyRoutes } from './routes/privacy.ts'
import { reconciliationRoutes } from './routes/reconciliation.ts'
import { reportRoutes } from './routes/reports.ts'
import { sealRoutes } from './routes/seals.ts'
import { settlementRoutes } from './routes/settlement.ts'
import { subscriptionRoutes } from './routes/subscriptions.ts'
import { taxRoutes } from './routes/tax.ts'
import { testClockRoutes } from './routes/test-clock.ts'
import { transactionRoutes } from './routes/transactions.ts'
import { usageRoutes } from './routes/usage.ts'
import { webhookEndpointRoutes } from './routes/webhook-endpoints.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { serveNotBuilt } from './serve.ts'
import type { Server } from './server.ts'

const bodyBytesMax = 1024 * 1024
/** Longest time to finish requests when closing; the jobs have as long afterwards. */
const closeTimeoutMs = 15_000

export interface AppOptions extends Omit<Server, 'app'> {
  readonly logger?: FastifyBaseLogger | undefined
  /** Addresses whose X-Forwarded-For is believed: the gateway's. */
  readonly trustProxy?: string | boolean | string[] | undefined
  readonly metrics?: { readonly metrics: Metrics; readonly token: string | null } | undefined
  /** Requests that are worked on at one time; more are refused `overloaded`. */
  readonly requestsAtOnce: number
  /** Where traces are kept; without it nothing is traced. */
  readonly tracing?: Tracing | undefined
}

/** Builds the server; it does not listen yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    ...serverOptions({ logger: options.logger }),
    bodyLimit: bodyBytesMax,
    routerOptions: { maxParamLength: 300 },
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    // Requests that arrive while closing are still answered in the form of the interface.
    return503OnClosing: false,
    trustProxy: options.trustProxy ?? false,
  })
  installKit(app)
  closeWithin(app, closeTimeoutMs)
  if (options.tracing !== undefined) installTracing(app, options.tracing, 'service')
  if (options.metrics !== undefined) {
    installMetrics(app, { ...options.metrics, server: 'service' })
  }
  boundInFlight(app, { max: options.requestsAtOnce, except: ['/healthz', '/readyz', '/metrics'] })
  app.decorateRequest('bearer', null)
  tolerateEmptyBodies(app)
  const document = openApiDocument()
  await app.register(swagger, { mode: 'static', specification: { document } as never })
  await app.register(swaggerUi, {
    routePrefix: `${basePath}/docs`,
    staticCSP: true,
    transformStaticCSP: withoutUpgrade,
  })
  const server: Server = { ...options, app }
  planRoutes(server)
  subscriptionRoutes(server)
  usageRoutes(server)
  entitlementRoutes(server)
  invoiceRoutes(server)
  creditRoutes(server)
  couponRoutes(server)
  paymentMethodRoutes(server)
  payLinkRoutes(server)
  transactionRoutes(server)
  exportRoutes(server)
  fileExportRoutes(server)
  closingRoutes(server)
  customerRoutes(server)
  privacyRoutes(server)
  approvalRoutes(server)
  taxRoutes(server)
  historyRoutes(server)
  apiKeyRoutes(server)
  fapiaoRoutes(server)
  sealRoutes(server)
  jobRoutes(server)
  dunningReportRoutes(server)
  testClockRoutes(server)
  mailRoutes(server)
  brandingRoutes(server)
  settlementRoutes(server)
  reconciliationRoutes(server)
  paymentHealthRoutes(server)
  reportRoutes(server)
  issuerRoutes(server)
  webhookRoutes(server)
  webhookEndpointRoutes(server)
  serveNotBuilt(server)
  app.get(`${basePath}/openapi.json`, async () => document)
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async () => {
    await options.deps.store.ping()
    return { status: 'ready' }
  })
  return app
}

/** Plain HTTP on loopback is how everybody starts; whoever terminates TLS upgrades. */
const withoutUpgrade = (header: string): string =>
  header.replace(/;?\s*upgrade-insecure-requests/, '')

/** A verb such as /reactivate needs no body; clients send the JSON media type all the same. */
function tolerateEmptyBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined)
    if (isTooDeep(body as string)) return done(nestedTooDeep())
    return parse(request, body as string, done)
  })
}
