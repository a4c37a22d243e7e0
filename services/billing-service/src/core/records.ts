// Records that are not money: what happened, who did it, and what was answered. Shapes only.
import type { Changed } from './changed.ts'
import type { Id, TenantId } from './ids.ts'
import type { Instant } from './time.ts'

/** A domain event in the outbox, written in the transaction of its cause. */
export interface DomainEvent {
  readonly tenantId: TenantId
  readonly id: Id<'event'>
  readonly type: string
  readonly objectId: string
  readonly data: Readonly<Record<string, unknown>>
  /** Billing time. */
  readonly occurredAt: Instant
  /** Real time. */
  readonly recordedAt: Instant
}

export interface AuditLine {
  readonly tenantId: TenantId
  readonly id: Id<'audit'>
  readonly actor: string
  readonly role: string
  readonly action: string
  readonly objectId: string
  /** What is told of the change, and under `changed` what it made of each field that a person decides. */
  readonly changes: Readonly<Record<string, unknown>> & { readonly changed?: Changed }
  readonly requestId: string
  /** Why it was done, in the actor's words; null: nobody said. */
  readonly reason: string | null
  /** Where the request came from; null for our own work. */
  readonly ipAddress: string | null
  readonly recordedAt: Instant
}

/** The first answer to a write with an Idempotency-Key; replayed to repetitions of the same request. */
export interface IdempotentAnswer {
  readonly tenantId: TenantId
  /** Hash of method, path and key. */
  readonly id: string
  /** Hash of the body: the same key with another body is refused. */
  readonly requestHash: string
  readonly state: 'running' | 'done'
  readonly status: number | null
  readonly body: unknown
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly version: number
}

export interface JobRun {
  /** `<job>:<slot>`: one row makes one run across many instances. */
  readonly id: string
  readonly job: string
  readonly slot: string
  readonly state: 'running' | 'done' | 'failed'
  readonly counts: Readonly<Record<string, number>>
  readonly error: string | null
  readonly startedAt: Instant
  readonly endedAt: Instant | null
  readonly version: number
}

/** Something told once: a reminder of a period, a stage of dunning. Its id says what was told. */
export interface Notice {
  readonly tenantId: TenantId
  readonly id: string
  readonly objectId: string
  readonly createdAt: Instant
}

/** What this database belongs to; another processor, account or mode refuses to start on it. */
export interface DeploymentStamp {
  readonly id: 'deployment'
  readonly processor: string
  readonly account: string
  readonly mode: 'sandbox' | 'test' | 'live'
  readonly createdAt: Instant
}

/** Something across all tenants that only one process at a time may be doing; see `whileLeased`. */
export interface Lease {
  readonly id: string
  readonly holder: string
  /** Real time; afterwards whoever holds it has died. */
  readonly heldUntil: Instant
  readonly version: number
}

/** How far a walk over something long has come, so that the next one goes on from there. */
export interface Mark {
  readonly id: string
  readonly at: Instant | null
  readonly note: string | null
  readonly updatedAt: Instant
  readonly version: number
}

/** A number prefix in use somewhere in the deployment; never freed. */
export interface NumberPrefix {
  readonly id: string
  readonly owner: string
  readonly createdAt: Instant
}

/** Something only one request at a time may be doing for a tenant, such as subscribing to a plan family. */
export interface Reservation {
  readonly tenantId: TenantId
  readonly id: string
  readonly holder: string
  /** Real time; afterwards whoever holds it has died. */
  readonly heldUntil: Instant
  readonly version: number
}

/** The next number of a gapless series of a tenant. */
export interface NumberSeries {
  readonly tenantId: TenantId
  readonly id: string
  readonly nextNumber: number
}

/** Where a series that all tenants share stands. */
export interface IssuerSeries {
  readonly id: string
  readonly nextNumber: number
}

/** Whether documents of all tenants share one series of numbers, and whether series begin anew each year. */
export interface Numbering {
  readonly series: 'tenant' | 'issuer'
  readonly reset: 'never' | 'yearly'
}
