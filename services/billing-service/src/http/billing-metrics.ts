// What the books say of themselves, as numbers for Prometheus: read from the database when asked for, at
// most once in a while, because several of them count rows.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { type BillingNumbers, readNumbers } from '../actions/operations/read-numbers.ts'
import type { Deps } from '../deps.ts'

/** Answers to one question serve the next ones for so long. */
const keptMs = 15_000

const says: Readonly<Record<keyof BillingNumbers, readonly [string, string]>> = {
  inboxAgeSeconds: ['quittance_inbox_age_seconds', 'Age of the oldest webhook that waits'],
  inboxDead: ['quittance_inbox_dead', 'Webhooks given up'],
  dueNotBilled: ['quittance_due_not_billed', 'Subscriptions due for over an hour and not billed'],
  driftOpen: ['quittance_drift_open', 'Differences from the processor that wait for a person'],
  paymentAttempts: ['quittance_payment_attempts_day', 'Payments tried in the last 24 hours'],
  paymentFailureRatio: ['quittance_payment_failure_ratio_day', 'Share of them that failed, 0 to 1'],
  unsealedAgeSeconds: ['quittance_unsealed_age_seconds', 'Age of the oldest row without its seal'],
  ledgerBroken: [
    'quittance_ledger_broken',
    'Rows that broke a proof at the last check of the ledger',
  ],
  ledgerCheckAgeSeconds: [
    'quittance_ledger_check_age_seconds',
    'Age of the last check of the ledger',
  ],
  mailAgeSeconds: ['quittance_mail_age_seconds', 'Age of the oldest mail that waits'],
  hookAgeSeconds: ['quittance_webhook_delivery_age_seconds', 'Age of the oldest delivery due'],
}

/** Adds the gauges of a deployment to a registry. While the database is away they are not told. */
export function addBillingMetrics(registry: Registry, deps: Deps, pools: PoolReport): void {
  addPools(registry, pools)
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<BillingNumbers | null> = Promise.resolve(null)
  const current = () => {
    if (performance.now() - readAt > keptMs) {
      readAt = performance.now()
      reading = readNumbers(deps).catch(error => {
        const reason = error instanceof Error ? error.message : String(error)
        deps.log.warn({ reason }, 'the numbers of the books cannot be read')
        return null
      })
    }
    return reading
  }
  for (const key of Object.keys(says) as (keyof BillingNumbers)[]) {
    const [name, help] = says[key]
    const gauge = new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const numbers = await current()
        const value = numbers?.[key] ?? null
        if (value === null) gauge.reset()
        else gauge.set(value)
      },
    })
  }
}

/** Connections of one pool. */
export interface PoolUse {
  readonly name: string
  readonly open: number
  readonly idle: number
  /** Requests that wait for a connection. */
  readonly waiting: number
}

export interface PoolReport {
  pools(): readonly PoolUse[]
}

function addPools(registry: Registry, report: PoolReport): void {
  new Gauge({
    name: 'quittance_database_connections',
    help: 'Database connections by pool and what they do; waiting: requests without one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const { name, open, idle, waiting } of report.pools()) {
        this.set({ pool: name, state: 'busy' }, open - idle)
        this.set({ pool: name, state: 'idle' }, idle)
        this.set({ pool: name, state: 'waiting' }, waiting)
      }
    },
  })
}

/** Counts the runs of jobs in this process. */
export function jobMetrics(registry: Registry) {
  const runs = new Counter({
    name: 'quittance_job_runs_total',
    help: 'Runs of jobs in this process, by result',
    labelNames: ['job', 'result'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'quittance_job_duration_seconds',
    help: 'Time of one run',
    labelNames: ['job'],
    buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600],
    registers: [registry],
  })
  const last = new Gauge({
    name: 'quittance_job_last_success_timestamp_seconds',
    help: 'When a job last ran without a failure in this process',
    labelNames: ['job'],
    registers: [registry],
  })
  return (job: string, failed: boolean, ms: number, at: number): void => {
    runs.inc({ job, result: failed ? 'failed' : 'done' })
    seconds.observe({ job }, ms / 1000)
    if (!failed) last.set({ job }, at / 1000)
  }
}
