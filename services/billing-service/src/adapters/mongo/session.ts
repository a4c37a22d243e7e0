// Where the verbs of the port run: on the database alone, or inside one transaction of it.
import type { ClientSession, Collection, Db, Document } from 'mongodb'
import type { CollectionName } from '../../ports/collections.ts'
import type { Asker } from '../../ports/query.ts'
import { type Row, shapeOf } from '../../ports/shape.ts'
import { type Bson, collectionOf } from './rows.ts'

/** Options of every command: whose it is, its transaction, if any, and how long it may take. */
export interface CommandOptions {
  readonly comment?: string
  readonly session?: ClientSession
  readonly maxTimeMS?: number
}

export interface Session {
  readonly asker: Asker
  readonly bson: Bson
  readonly db: Db
  /** Runs one command: inside a transaction one after another, as the database wants it. */
  run<T>(command: (options: CommandOptions) => Promise<T>, meaning?: Meaning): Promise<T>
}

/**
 * What a duplicate key means: that the caller's row exists (a refusal), or that another wrote meanwhile what
 * was not there when this transaction looked (a lost race).
 */
export type Meaning = 'exists' | 'race'

/** A session inside a transaction. */
export interface WorkSession extends Session {
  /** Told of a write that was refused without an error of the database; its transaction must not commit. */
  doom(error: unknown): void
  /** Rows that this transaction has read or written, as `collection:tenant:id`: they exist. */
  readonly known: Set<string>
}

export const documentsOf = (session: Session, collection: CollectionName): Collection<Document> =>
  session.db.collection(collectionOf(collection))

/** How a row of a tenant is remembered as existing. */
export const nameOf = (collection: CollectionName, tenantId: unknown, id: unknown): string =>
  JSON.stringify([collection, tenantId, id])

/** Remembers rows that were seen, where the session does so. */
export function remember(
  session: Session | WorkSession,
  collection: CollectionName,
  rows: readonly Row[],
): void {
  if (!('known' in session) || shapeOf(collection).scope === 'system') return
  for (const row of rows) session.known.add(nameOf(collection, row.tenantId, row.id))
}

/** The fields that a read brings; the database's own key stays where it is. */
export const withoutId = { projection: { _id: 0 } } as const

/** Of each document these fields alone. */
export const onlyFields = (fields: readonly string[]) => ({
  projection: { _id: 0, ...Object.fromEntries(fields.map(field => [field, 1])) },
})
