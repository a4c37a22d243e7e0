// What is kept for China's fapiao, read and changed: the buyer of a billing account, and the numbers that the tax
// platform gave. Nothing is issued here.
import type { Caller } from '../../core/caller.ts'
import { assertTerms, type Fapiao, type FapiaoBuyer, type FapiaoTerms } from '../../core/fapiao.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { Page, TenantTransaction } from '../../ports/store.ts'
import { changedRow } from '../changed-row.ts'
import { enter } from '../enter.ts'
import { type ListInput, readList } from '../read-list.ts'
import { record } from '../record.ts'

/** The terms of a billing account; null where none were set. Refuses `not_found`. */
export async function fapiaoBuyer(
  deps: Deps,
  caller: Caller,
  customerId: string,
): Promise<FapiaoBuyer | null> {
  const store = deps.store.of(caller.tenantId)
  const customer = await store.get('customers', customerId)
  return store.find('fapiaoBuyers', customer.id)
}

/** Replaces the terms of a billing account. Refuses `not_found`, `invalid_request`. */
export async function putFapiaoBuyer(
  deps: Deps,
  caller: Caller,
  customerId: string,
  terms: FapiaoTerms,
): Promise<FapiaoBuyer> {
  assertTerms(terms)
  const { at } = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const { id, tenantId } = await tx.lock('customers', customerId)
    const before = await tx.find('fapiaoBuyers', id)
    const stamps = { createdAt: before?.createdAt ?? at, updatedAt: at }
    const next = { ...terms, tenantId, id, ...stamps, version: before?.version ?? 1 }
    const saved = before === null ? next : await tx.replace('fapiaoBuyers', next)
    if (before === null) await tx.insert('fapiaoBuyers', next)
    const fields = (Object.keys(terms) as (keyof FapiaoTerms)[]).filter(
      field => terms[field] !== (before?.[field] ?? null),
    )
    const data = { fields, fapiaoType: terms.type }
    const changed = changedRow('fapiaoBuyers', before, saved)
    const type = 'fapiao.buyer_updated'
    await record(deps, tx, caller, at, [{ type, objectId: id, data, changed }])
    return saved
  })
}

export interface IssuedFapiao {
  readonly number: string
  /** `YYYY-MM-DD`. */
  readonly issuedOn: string
  /** Left out: as the buyer asked for, or general. */
  readonly type?: Fapiao['type'] | undefined
}

type Slot = Pick<Fapiao, 'id' | 'kind' | 'type' | 'invoiceId' | 'documentNumber' | 'blueNumber'>

/**
 * Notes which blue fapiao was issued for an invoice; a mistyped one is put right the same way. Refuses `not_found`,
 * `invoice_not_open` for a draft, `fapiao_number_taken`, and `fapiao_reversed` once a red one points at it.
 */
export async function recordBlueFapiao(
  deps: Deps,
  caller: Caller,
  invoiceId: string,
  input: IssuedFapiao,
): Promise<Fapiao> {
  const { at } = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const { id, status, customerId, invoiceNumber } = await tx.lock('invoices', invoiceId)
    if (invoiceNumber === null) return refuse('invoice_not_open', { status })
    const buyer = await tx.find('fapiaoBuyers', customerId)
    const type = input.type ?? buyer?.type ?? 'general'
    const { rows } = await tx.list('fapiaos', {
      where: { invoiceId: id },
      order: { field: 'createdAt', direction: 'asc' },
      limit: 100,
    })
    const known = rows.find(({ kind }) => kind === 'blue')
    const changes = known !== undefined && known.number !== input.number
    if (changes && rows.length > 1) refuse('fapiao_reversed', { number: known.number })
    const blank = { kind: 'blue', blueNumber: null } as const
    const slot = { id, type, invoiceId: id, documentNumber: invoiceNumber, ...blank }
    return keep(deps, tx, caller, at, slot, input)
  })
}

/**
 * Notes which red fapiao was issued for a credit note; it points at the blue one of its invoice. Refuses `not_found`,
 * `fapiao_blue_missing`, `fapiao_number_taken`.
 */
export async function recordRedFapiao(
  deps: Deps,
  caller: Caller,
  noteId: string,
  input: Omit<IssuedFapiao, 'type'>,
): Promise<Fapiao> {
  const { at } = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const { id, invoiceId, invoiceNumber, creditNoteNumber } = await tx.get('creditNotes', noteId)
    await tx.lock('invoices', invoiceId)
    const blue = await tx.find('fapiaos', invoiceId)
    if (blue === null) return refuse('fapiao_blue_missing', { invoiceNumber })
    const { type, number: blueNumber } = blue
    const slot = { id, kind: 'red', type, invoiceId, blueNumber } as const
    return keep(deps, tx, caller, at, { ...slot, documentNumber: creditNoteNumber }, input)
  })
}

async function keep(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: number,
  slot: Slot,
  { number, issuedOn }: IssuedFapiao,
): Promise<Fapiao> {
  const { rows } = await tx.list('fapiaos', { where: { number }, limit: 1 })
  const other = rows.find(({ id }) => id !== slot.id)
  if (other !== undefined) {
    refuse('fapiao_number_taken', { number, documentNumber: other.documentNumber })
  }
  const before = await tx.find('fapiaos', slot.id)
  const { tenantId } = caller
  const stamps = { createdAt: before?.createdAt ?? at, updatedAt: at }
  const next = { tenantId, ...slot, number, issuedOn, ...stamps, version: before?.version ?? 1 }
  const saved = before === null ? next : await tx.replace('fapiaos', next)
  if (before === null) await tx.insert('fapiaos', next)
  const { kind, type: fapiaoType, documentNumber, blueNumber } = slot
  const replaced = before === null ? {} : { replaces: before.number }
  const data = { kind, fapiaoType, fapiaoNumber: number, documentNumber, blueNumber, ...replaced }
  const changed = changedRow('fapiaos', before, saved)
  const type = 'fapiao.recorded'
  await record(deps, tx, caller, at, [{ type, objectId: slot.id, data, changed }])
  return saved
}

/** A page of what was recorded, newest first; of an invoice its blue one and the red ones. Refuses `invalid_cursor`. */
export const listFapiaos = (
  deps: Deps,
  tenantId: string,
  invoiceId: string | undefined,
  input: ListInput,
): Promise<Page<Fapiao>> =>
  readList(deps, tenantId, 'fapiaos', invoiceId === undefined ? {} : { invoiceId }, input)
