// A sandbox without a socket: its state, its journal, its webhook deliveries and what answers a request.
// The server puts it on HTTP; a simulation talks to it in the same process.

import { answerAdmin } from './admin.ts'
import { followInvoicePayment } from './billing/subscriptions.ts'
import { followPayment } from './checkouts.ts'
import { startDeliveries } from './deliveries.ts'
import { type ApiRequest, type Outcome, startDispatch } from './dispatch.ts'
import { noOrigin, startEngine } from './engine.ts'
import { newFaultBook } from './faults.ts'
import { answerPage } from './hosted.ts'
import { memoryJournal, openJournal, readJournal } from './journal.ts'
import { theAccount } from './resources/account.ts'
import { upsertEndpoint } from './resources/webhook-endpoints.ts'
import { routes } from './routes.ts'
import { type Environment, emptyStore, type Timings } from './state.ts'
import { type StateAccess, stateAccess } from './state-access.ts'

export type SandboxCoreOptions = {
  /** Folder of the journal; null or nothing keeps the state in memory only. */
  dataDir?: string | null
  secretKey?: string
  publishableKey?: string
  /** Endpoints that must exist, known by their address. Without `events` they get all. */
  webhooks?: { url: string; secret: string; events?: string[] }[]
  /** Base clock in epoch milliseconds; the sandbox's clock may run ahead of it. */
  now?: () => number
  timings?: Partial<Timings>
  log?: (line: string) => void
}

export type SandboxCore = {
  secretKey: string
  publishableKey: string
  /** Answers a request as it came over HTTP. */
  handle(request: ApiRequest): Promise<Outcome>
  /** Direct reading and steering, without HTTP. */
  state: StateAccess
  /** Where hosted pages are found; webhooks are delivered from then on. */
  open(baseUrl: string): void
  /** Does what is due by now; for a timer, because nobody may be calling. */
  tick(): void
  close(): Promise<void>
}

const hour = 3_600_000

/** Quick enough for a demonstration, slow enough that `pending` and `processing` can be seen. */
const defaultTimings: Timings = {
  debitSettlesMs: 5000,
  refundSettlesMs: 5000,
  disputeOpensMs: 5000,
  fundsAvailableMs: 48 * hour,
}

function engineFor(options: SandboxCoreOptions, environment: Environment, onCommit: () => void) {
  const { dataDir = null } = options
  const store = dataDir ? readJournal(dataDir) : emptyStore()
  const journal = dataDir ? openJournal(dataDir, store) : memoryJournal()
  const baseNow = options.now ?? Date.now
  const log = options.log ?? (() => {})
  const engine = startEngine({ store, journal, environment, baseNow, onCommit, log })
  return { engine, journal }
}

/** Makes a sandbox that nobody can reach yet. */
export function makeSandbox(options: SandboxCoreOptions = {}): SandboxCore {
  const { secretKey = 'sk_test_sandbox', publishableKey = 'pk_test_sandbox' } = options
  const log = options.log ?? (() => {})
  const environment: Environment = {
    baseUrl: '',
    publishableKey,
    timings: { ...defaultTimings, ...options.timings },
    faults: newFaultBook(),
    paymentEnded(work, intentId) {
      followPayment(work, intentId)
      followInvoicePayment(work, intentId)
    },
  }
  const { engine, journal } = engineFor(options, environment, () => deliveries.wake())
  const deliveries = startDeliveries(engine)
  const keys = { secretKey, publishableKey }
  const api = startDispatch({ engine, routes, keys, log })
  return {
    secretKey,
    publishableKey,
    handle: async request =>
      (await answerAdmin(engine, deliveries, keys, request)) ??
      answerPage(engine, request) ??
      (await api(request)),
    state: stateAccess(engine, deliveries),
    open(baseUrl) {
      environment.baseUrl = baseUrl
      engine.transact(noOrigin, work => {
        theAccount(work)
        for (const wanted of options.webhooks ?? []) upsertEndpoint(work, wanted)
      })
      deliveries.wake()
    },
    tick() {
      if (engine.nextDueAt() <= engine.now()) engine.runDue()
    },
    async close() {
      await deliveries.close()
      journal.close()
    },
  }
}
