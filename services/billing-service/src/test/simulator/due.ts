// When something is next due for a job, learned from what is written, so that time can move straight there.
import type { Instant } from '../../core/time.ts'
import type { Written } from './around.ts'

const dueFields = {
  subscriptions: ['nextBillingAt'],
  invoices: ['finalizeAt', 'nextAttemptAt', 'giveUpAt'],
  transactions: ['checkAt'],
  inbox: ['dueAt'],
} as const

/** Which job takes the rows of which field. */
const jobOf: Readonly<Record<string, string>> = {
  'subscriptions.nextBillingAt': 'renew-due',
  'invoices.finalizeAt': 'finalize-drafts',
  'invoices.nextAttemptAt': 'collect-due',
  'invoices.giveUpAt': 'end-dunning',
  'transactions.checkAt': 'reconcile',
  'inbox.dueAt': 'apply-events',
}

export interface DueTimes {
  note(written: readonly Written[]): void
  /** The earliest of all; null when nothing will ever be due. */
  next(): Instant | null
  /** The jobs that have something to do by now. */
  jobsBy(now: Instant): string[]
}

export function trackDue(): DueTimes {
  const times = new Map<string, Map<string, Instant>>()
  const set = (field: string, id: string, dueAt: Instant | null) => {
    const known = times.get(field) ?? new Map<string, Instant>()
    times.set(field, known)
    if (dueAt === null) known.delete(id)
    else known.set(id, dueAt)
  }
  const earliest = (field: string): Instant | null => {
    const known = [...(times.get(field)?.values() ?? [])]
    return known.length === 0 ? null : known.reduce((a, b) => Math.min(a, b))
  }
  return {
    note(written) {
      for (const { collection, row, removed } of written) {
        const fields = dueFields[collection as keyof typeof dueFields] ?? []
        for (const field of fields) {
          set(`${collection}.${field}`, row.id, removed ? null : row[field])
        }
      }
    },
    next() {
      const found = Object.keys(jobOf)
        .map(earliest)
        .filter(time => time !== null)
      return found.length === 0 ? null : Math.min(...found)
    },
    jobsBy: now =>
      Object.entries(jobOf)
        .filter(([field]) => (earliest(field) ?? Number.POSITIVE_INFINITY) <= now)
        .map(([, job]) => job),
  }
}
