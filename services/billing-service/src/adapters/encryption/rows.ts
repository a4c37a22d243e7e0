// Whole rows opened and encrypted: which tenant's keys they need, asked for as few times as possible.
import type { DataKey, KeyPurpose } from '../../core/data-key.ts'
import { issuerTenant } from '../../core/webhook.ts'
import type { CollectionName } from '../../ports/collections.ts'
import { type EncryptedField, encryptedFields } from '../../ports/encrypted-fields.ts'
import { rowsMax } from '../../ports/query.ts'
import { fullKey, type Row, shapeOf } from '../../ports/shape.ts'
import type { Page } from '../../ports/store.ts'
import { isWrapped, type Keyring, type UsableKey } from './keyring.ts'
import { encryptedValue, keyIdOf, openedValue, type Plain, plainOf } from './values.ts'

/** What keys are read through. */
export interface KeySource {
  getMany(collection: CollectionName, keys: readonly Row[]): Promise<Row[]>
  list(collection: CollectionName, query: object): Promise<Page<Row>>
}

/** Where new keys are stored as well. */
export interface KeyStore extends KeySource {
  insert(collection: CollectionName, row: Row): Promise<void>
}

/** Whose keys a row is under. A webhook whose tenant is not known yet is the issuer's. */
const ownerOf = ({ tenantId }: Row): string =>
  typeof tenantId === 'string' ? tenantId : issuerTenant

/** Names the place of a value, so that it cannot be moved to another row, field or tenant. */
function contextOf(collection: CollectionName, row: Row, field: string): string {
  const key = fullKey(shapeOf(collection)).map(name => row[name])
  return JSON.stringify(['value-1', ownerOf(row), collection, ...key, field])
}

const purposeIn = ({ purpose, keptWhen }: EncryptedField, row: Row): KeyPurpose =>
  keptWhen !== undefined && row[keptWhen] === true ? 'retained' : purpose

interface Closed {
  readonly field: EncryptedField
  readonly keyId: string
}

const closedIn = (fields: readonly EncryptedField[], row: Row): Closed[] =>
  fields.flatMap(field => {
    const keyId = keyIdOf(field, row[field.field])
    return keyId === null ? [] : [{ field, keyId }]
  })

/** The rows with their values in clear. A value that was moved or changed, and one whose key is not there, are faults. */
export async function openRows(
  ring: Keyring,
  source: KeySource,
  collection: CollectionName,
  rows: readonly Row[],
): Promise<Row[]> {
  const fields = encryptedFields(shapeOf(collection))
  if (fields.length === 0) return [...rows]
  const closed = rows.map(row => closedIn(fields, row))
  const needed = closed.flatMap((each, at) =>
    each.map(({ keyId }) => ({ tenantId: ownerOf(rows[at]!), id: keyId })),
  )
  await learn(ring, source, needed)
  return rows.map((row, at) => {
    if (closed[at]!.length === 0) return row
    const opened = closed[at]!.map(({ field, keyId }) => {
      const opener = ring.known(ownerOf(row), keyId)
      const context = contextOf(collection, row, field.field)
      if (opener === undefined) throw new Error(`there is no key ${keyId} for ${context}`)
      return [field.field, openedValue(field, row[field.field], opener, context)]
    })
    return { ...row, ...Object.fromEntries(opened) }
  })
}

type KeyName = Pick<DataKey, 'tenantId' | 'id'>

async function learn(ring: Keyring, source: KeySource, needed: readonly KeyName[]): Promise<void> {
  const missing = new Map<string, KeyName>()
  for (const name of needed) {
    if (ring.known(name.tenantId, name.id) === undefined) {
      missing.set(JSON.stringify([name.tenantId, name.id]), name)
    }
  }
  const names = [...missing.values()]
  for (let at = 0; at < names.length; at += rowsMax) {
    const keys = names.slice(at, at + rowsMax).map(({ tenantId, id }): Row => ({ tenantId, id }))
    const found = (await source.getMany('dataKeys', keys)) as unknown as DataKey[]
    for (const row of found) await ring.learn(row)
  }
}

/**
 * The keys of one transaction. Which key is the newest is read in it once: an erasure in another process destroys
 * keys, and what is written after it must not be closed with one of those.
 */
export class WriteKeys {
  private readonly stored = new Map<string, Promise<readonly DataKey[]>>()
  private readonly newest = new Map<string, Promise<UsableKey>>()
  private readonly ring: Keyring
  private readonly store: KeyStore

  constructor(ring: Keyring, store: KeyStore) {
    this.ring = ring
    this.store = store
  }

  /** The rows as they are stored. */
  encrypted(collection: CollectionName, rows: readonly Row[]): Promise<Row[]> {
    const fields = encryptedFields(shapeOf(collection))
    return Promise.all(rows.map(row => this.encryptedRow(fields, collection, row)))
  }

  private async encryptedRow(
    fields: readonly EncryptedField[],
    collection: CollectionName,
    row: Row,
  ): Promise<Row> {
    const closed: Record<string, unknown> = {}
    for (const field of fields) {
      const plain: Plain | null = plainOf(field, row[field.field])
      if (plain === null) continue
      const key = await this.keyOf(ownerOf(row), purposeIn(field, row))
      const context = contextOf(collection, row, field.field)
      closed[field.field] = encryptedValue(field, plain, key, context)
    }
    return { ...row, ...closed }
  }

  private keyOf(tenantId: string, purpose: KeyPurpose): Promise<UsableKey> {
    const name = `${purpose} ${tenantId}`
    const known = this.newest.get(name) ?? this.find(tenantId, purpose)
    this.newest.set(name, known)
    return known
  }

  private async find(tenantId: string, purpose: KeyPurpose): Promise<UsableKey> {
    const stored = this.stored.get(tenantId) ?? this.list(tenantId)
    this.stored.set(tenantId, stored)
    const row = (await stored).find(each => each.purpose === purpose && isWrapped(each))
    if (row === undefined) return this.make(tenantId, purpose)
    const key = this.ring.known(tenantId, row.id) ?? (await this.ring.learn(row))
    if (key === 'destroyed') return this.make(tenantId, purpose)
    return { id: row.id, key }
  }

  /** Newest first; a tenant has two, and one more for each erasure that it outlived. */
  private async list(tenantId: string): Promise<readonly DataKey[]> {
    const { rows } = await this.store.list('dataKeys', {
      where: { tenantId },
      order: { field: 'createdAt', direction: 'desc' },
      limit: rowsMax,
    })
    return rows as unknown as readonly DataKey[]
  }

  private async make(tenantId: string, purpose: KeyPurpose): Promise<UsableKey> {
    const { row, id, key } = await this.ring.make(tenantId, purpose)
    await this.store.insert('dataKeys', row as unknown as Row)
    return { id, key }
  }
}
