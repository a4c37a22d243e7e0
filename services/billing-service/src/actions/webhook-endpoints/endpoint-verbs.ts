// Endpoints that are told of events: made, changed, given a new secret, deleted. A secret is answered once,
// by the verb that made it, and stands in no event and no audit line.
import type { Caller } from '../../core/caller.ts'
import { refuse } from '../../core/refusal.ts'
import { type Instant, toIso } from '../../core/time.ts'
import {
  endpointsMax,
  issuerTenant,
  type WebhookEndpoint,
  withNewSecret,
} from '../../core/webhook.ts'
import type { Deps } from '../../deps.ts'
import type { Page, TenantTransaction } from '../../ports/store.ts'
import { changedRow } from '../changed-row.ts'
import { enter } from '../enter.ts'
import { type ListInput, readList } from '../read-list.ts'
import { record } from '../record.ts'

export interface EndpointInput {
  readonly url: string
  readonly description?: string | null | undefined
  readonly eventTypes?: readonly string[] | undefined
}

export interface EndpointChange extends Partial<EndpointInput> {
  readonly state?: 'enabled' | 'disabled' | undefined
}

/** Billing time of the tenant; the issuer's own endpoints belong to none and live in real time. */
async function timeOf(deps: Deps, caller: Caller): Promise<Instant> {
  return caller.tenantId === issuerTenant ? deps.clock.real() : (await enter(deps, caller)).at
}

const missing = (): never =>
  refuse('not_found', { noun: 'webhook endpoint', nounZh: 'webhook 端点' })

/** One endpoint. Refuses `not_found`. */
export async function getEndpoint(
  deps: Deps,
  tenantId: string,
  id: string,
): Promise<WebhookEndpoint> {
  const found = await deps.store.of(tenantId).find('webhookEndpoints', id)
  return found === null || found.state === 'deleted' ? missing() : found
}

/** A page of endpoints, newest first. Refuses `invalid_cursor`. */
export async function listEndpoints(
  deps: Deps,
  tenantId: string,
  input: ListInput,
): Promise<Page<WebhookEndpoint>> {
  const page = await readList(deps, tenantId, 'webhookEndpoints', {}, input)
  return { ...page, rows: page.rows.filter(({ state }) => state !== 'deleted') }
}

function assertUrl(deps: Deps, url: string): void {
  const problem = deps.hooks.check(url)
  if (problem !== null) refuse('webhook_url_refused', { url, ...problem })
}

/** What is decided of an endpoint. */
const terms = ['url', 'description', 'eventTypes', 'secrets', 'state'] as const

/** Makes an endpoint. Refuses `webhook_url_refused`, `too_many_endpoints`. */
export async function createEndpoint(
  deps: Deps,
  caller: Caller,
  input: EndpointInput,
): Promise<WebhookEndpoint> {
  assertUrl(deps, input.url)
  const at = await timeOf(deps, caller)
  const now = deps.clock.real()
  const endpoint: WebhookEndpoint = {
    tenantId: caller.tenantId,
    id: deps.ids.next('webhookEndpoint'),
    url: input.url,
    description: input.description ?? null,
    eventTypes: input.eventTypes ?? ['*'],
    secrets: [{ value: deps.ids.webhookSecret(), until: null }],
    state: 'enabled',
    disabledReason: null,
    enabledAt: now,
    failingSince: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  return deps.store.transaction(caller.tenantId, async tx => {
    const { rows } = await tx.list('webhookEndpoints', {
      order: { field: 'createdAt', direction: 'desc' },
      limit: 1_000,
    })
    const count = rows.filter(({ state }) => state !== 'deleted').length
    if (count >= endpointsMax) refuse('too_many_endpoints', { count })
    await tx.insert('webhookEndpoints', endpoint)
    const data = { url: endpoint.url, eventTypes: endpoint.eventTypes }
    const type = 'webhook_endpoint.created'
    const changed = changedRow('webhookEndpoints', null, endpoint, terms)
    await record(deps, tx, caller, at, [{ type, objectId: endpoint.id, data, changed }])
    return endpoint
  })
}

interface Decided {
  readonly next: WebhookEndpoint
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

async function change(
  deps: Deps,
  caller: Caller,
  id: string,
  decide: (current: WebhookEndpoint, now: Instant) => Decided,
): Promise<WebhookEndpoint> {
  await getEndpoint(deps, caller.tenantId, id)
  const at = await timeOf(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const current = await tx.lock('webhookEndpoints', id)
    if (current.state === 'deleted') missing()
    const { next, type, data } = decide(current, deps.clock.real())
    const saved = await tx.replace('webhookEndpoints', next)
    await record(deps, tx, caller, at, [
      {
        type,
        objectId: id,
        data: { url: saved.url, ...data },
        changed: changedRow('webhookEndpoints', current, saved, terms),
      },
    ])
    return saved
  })
}

/** Changes an endpoint. Refuses `not_found`, `webhook_url_refused`. */
export async function updateEndpoint(
  deps: Deps,
  caller: Caller,
  id: string,
  input: EndpointChange,
): Promise<WebhookEndpoint> {
  if (input.url !== undefined) assertUrl(deps, input.url)
  return change(deps, caller, id, (current, now) => {
    const { state = current.state, url, description, eventTypes } = input
    const on = state === 'enabled' && current.state !== 'enabled'
    const off = state === 'disabled' && current.state !== 'disabled'
    const next: WebhookEndpoint = {
      ...current,
      url: url ?? current.url,
      description: description === undefined ? current.description : description,
      eventTypes: eventTypes ?? current.eventTypes,
      state,
      ...(off && { disabledReason: 'by_hand' as const }),
      ...(on && { disabledReason: null, failingSince: null, enabledAt: now }),
      updatedAt: now,
    }
    const verb = on ? 'enabled' : off ? 'disabled' : 'updated'
    const reason = off ? { reason: 'by_hand' } : {}
    return {
      next,
      type: `webhook_endpoint.${verb}`,
      data: { fields: Object.keys(input), ...reason },
    }
  })
}

const hourMs = 3_600_000

/** Gives an endpoint a new secret; the old one signs as well for so many hours. Refuses `not_found`. */
export const rotateSecret = (
  deps: Deps,
  caller: Caller,
  id: string,
  overlapHours: number,
): Promise<WebhookEndpoint> =>
  change(deps, caller, id, (current, now) => {
    const until = now + overlapHours * hourMs
    return {
      next: withNewSecret(current, deps.ids.webhookSecret(), until, now),
      type: 'webhook_endpoint.secret_rotated',
      data: { expiresAt: toIso(until) },
    }
  })

/** Forgets the secrets; the log of deliveries stays. Refuses `not_found`. */
export async function deleteEndpoint(deps: Deps, caller: Caller, id: string): Promise<void> {
  await change(deps, caller, id, (current, now) => ({
    next: { ...current, state: 'deleted', secrets: [], updatedAt: now },
    type: 'webhook_endpoint.deleted',
    data: {},
  }))
}

/** Notes an endpoint's new state in the transaction that learnt of it. */
export async function noteDisabled(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  endpoint: WebhookEndpoint,
): Promise<void> {
  const { id, url, disabledReason } = endpoint
  const type = 'webhook_endpoint.disabled'
  const data = { url, reason: disabledReason }
  await record(deps, tx, caller, deps.clock.real(), [{ type, objectId: id, data }])
}
