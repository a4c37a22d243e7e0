// Keys by which machines call: made, replaced, revoked, listed. A key is answered once, by the verb that made it, and
// stands in no row, no event and no audit line.
import { type ApiKey, apiKeysMax, hintLength, stateOfKey } from '../../core/api-key.ts'
import type { Caller } from '../../core/caller.ts'
import { refuse } from '../../core/refusal.ts'
import { type Instant, toIso } from '../../core/time.ts'
import { issuerTenant } from '../../core/webhook.ts'
import type { Deps } from '../../deps.ts'
import type { Page, TenantTransaction } from '../../ports/store.ts'
import { changedRow } from '../changed-row.ts'
import { enter } from '../enter.ts'
import { type ListInput, readList } from '../read-list.ts'
import { record } from '../record.ts'

export interface NewKey {
  readonly name: string
  readonly role: ApiKey['role']
  readonly expiresAt: Instant | null
}

/** A key with its secret, which is never to be had again. */
export interface IssuedKey {
  readonly key: ApiKey
  readonly secret: string
}

/** Billing time of the tenant; the issuer's own keys belong to none and live in real time. */
async function timeOf(deps: Deps, caller: Caller): Promise<Instant> {
  return caller.tenantId === issuerTenant ? deps.clock.real() : (await enter(deps, caller)).at
}

const missing = (): never => refuse('not_found', { noun: 'API key', nounZh: 'API 密钥' })

function assertTerms(caller: Caller, input: NewKey, now: Instant): void {
  const { tenantId } = caller
  if (tenantId === issuerTenant && input.role !== 'service') {
    const message = 'a key of the issuer acts for the tenant that a call names: its role is service'
    refuse('invalid_request', {}, [{ path: '/role', message }])
  }
  if (input.expiresAt !== null && input.expiresAt <= now) {
    const message = 'must lie in the future'
    refuse('invalid_timestamp', {}, [{ path: '/expiresAt', message }])
  }
}

function newKey(deps: Deps, caller: Caller, input: NewKey, now: Instant): IssuedKey {
  const secret = deps.ids.apiKey()
  const key: ApiKey = {
    tenantId: caller.tenantId,
    id: deps.ids.next('apiKey'),
    ...input,
    hint: secret.slice(0, hintLength),
    secretHash: deps.hash(secret),
    revokedAt: null,
    lastUsedAt: null,
    createdBy: caller.subject,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  return { key, secret }
}

async function assertRoom(tx: TenantTransaction, now: Instant): Promise<void> {
  const { rows } = await tx.list('apiKeys', {
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1_000,
  })
  const count = rows.filter(key => stateOfKey(key, now) === 'active').length
  if (count >= apiKeysMax) refuse('too_many_keys', { count })
}

const facts = ({ name, role, hint, expiresAt }: ApiKey) => ({
  name,
  role,
  hint,
  expiresAt: expiresAt === null ? null : toIso(expiresAt),
})

/** What is decided of a key. */
const terms = ['name', 'role', 'expiresAt', 'revokedAt'] as const

/** Makes a key. Refuses `too_many_keys`, `invalid_timestamp`, `invalid_request`. */
export async function createKey(deps: Deps, caller: Caller, input: NewKey): Promise<IssuedKey> {
  const at = await timeOf(deps, caller)
  const now = deps.clock.real()
  assertTerms(caller, input, now)
  const issued = newKey(deps, caller, input, now)
  return deps.store.transaction(caller.tenantId, async tx => {
    await assertRoom(tx, now)
    await tx.insert('apiKeys', issued.key)
    const { id } = issued.key
    const changed = changedRow('apiKeys', null, issued.key, terms)
    await record(deps, tx, caller, at, [
      { type: 'api_key.created', objectId: id, data: facts(issued.key), changed },
    ])
    return issued
  })
}

async function lockActive(tx: TenantTransaction, id: string, now: Instant): Promise<ApiKey> {
  const known = (await tx.find('apiKeys', id)) ?? missing()
  const key = await tx.lock('apiKeys', known.id)
  return stateOfKey(key, now) === 'active' ? key : missing()
}

const hourMs = 3_600_000

/**
 * A new key in the place of one that is in force, which still counts for so many hours. Refuses `not_found` for one that is
 * unknown, expired or revoked.
 */
export async function rotateKey(
  deps: Deps,
  caller: Caller,
  id: string,
  overlapHours: number,
): Promise<IssuedKey> {
  const at = await timeOf(deps, caller)
  const now = deps.clock.real()
  return deps.store.transaction(caller.tenantId, async tx => {
    const old = await lockActive(tx, id, now)
    const until = Math.min(now + overlapHours * hourMs, old.expiresAt ?? Number.MAX_SAFE_INTEGER)
    const { name, role, expiresAt } = old
    const issued = newKey(deps, caller, { name, role, expiresAt }, now)
    await tx.insert('apiKeys', issued.key)
    const ending = await tx.replace('apiKeys', { ...old, expiresAt: until, updatedAt: now })
    const data = { ...facts(issued.key), replaces: old.id, oldUntil: toIso(until) }
    // Of the old one: the new one is as it was.
    const changed = changedRow('apiKeys', old, ending, terms)
    const type = 'api_key.rotated'
    await record(deps, tx, caller, at, [{ type, objectId: issued.key.id, data, changed }])
    return issued
  })
}

/** Ends a key at once. Refuses `not_found`. */
export async function revokeKey(deps: Deps, caller: Caller, id: string): Promise<void> {
  const at = await timeOf(deps, caller)
  const now = deps.clock.real()
  await deps.store.transaction(caller.tenantId, async tx => {
    const key = await lockActive(tx, id, now)
    const revoked = await tx.replace('apiKeys', { ...key, revokedAt: now, updatedAt: now })
    await record(deps, tx, caller, at, [
      {
        type: 'api_key.revoked',
        objectId: id,
        data: facts(revoked),
        changed: changedRow('apiKeys', key, revoked, terms),
      },
    ])
  })
}

/** A page of keys, newest first, those that are over too. Refuses `invalid_cursor`. */
export const listKeys = (deps: Deps, tenantId: string, input: ListInput): Promise<Page<ApiKey>> =>
  readList(deps, tenantId, 'apiKeys', {}, input)
