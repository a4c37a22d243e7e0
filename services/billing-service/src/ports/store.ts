// The storage port: few generic verbs over declared collections. Adapters know rows, keys and queries, no
// billing rule. No joins: a query is equality + `in` + one range + order + limit + cursor.
import type { Instant } from '../core/time.ts'
import type {
  CollectionName,
  CounterCollection,
  RowOf,
  SharedCollection,
  SystemCollection,
  TenantCollection,
} from './collections.ts'

export type Field<C extends CollectionName> = keyof RowOf<C> & string
/**
 * The value of a key of one field, or the fields of the primary key or of a unique one. On the system handle a
 * tenant's row is named with its tenant.
 */
export type Key<C extends CollectionName> = string | Partial<RowOf<C>>

/** Equality with a value (null too), or membership in a list of at most 1,000. `undefined` asks nothing. */
export type Where<C extends CollectionName> = {
  readonly [F in Field<C>]?: RowOf<C>[F] | { readonly in: readonly RowOf<C>[F][] }
}

/** Half-open: `from` is included, `to` is not. Rows with a null in the field never match. */
export interface Range<C extends CollectionName> {
  readonly field: Field<C>
  readonly from?: number | string
  readonly to?: number | string
}

export interface Filter<C extends CollectionName> {
  readonly where?: Where<C>
  /** Names the field of the order, where there is one. */
  readonly range?: Range<C>
}

export interface Query<C extends CollectionName> extends Filter<C> {
  /**
   * The key breaks ties in the same direction. Default: by key, ascending. Texts stand in the order of their
   * code points; rows with a null in the field are left out.
   */
  readonly order?: { readonly field: Field<C>; readonly direction: 'asc' | 'desc' }
  /** 1 to 1,000. */
  readonly limit: number
  /** Opaque; made by the page before. Refuses `invalid_cursor`. */
  readonly cursor?: string | null
}

export interface Page<R> {
  readonly rows: readonly R[]
  readonly nextCursor: string | null
}

/**
 * Cuts an instant into local periods of a zone; the bucket is the local date its period starts on. Rows with
 * a null in the field are left out.
 */
export interface Bucket<C extends CollectionName> {
  readonly field: Field<C>
  readonly unit: 'day' | 'month'
  readonly zone: string
}

export interface SumQuery<C extends CollectionName> extends Filter<C> {
  readonly sum: readonly Field<C>[]
  readonly groupBy?: readonly Field<C>[]
  readonly bucket?: Bucket<C>
}

/**
 * One group: its fields, its bucket if asked for, how many rows, and the exact sums (decimals as strings; a
 * null adds nothing). Groups come in the order of their fields, then buckets, nulls first. Without groups and
 * buckets there is one, also for no rows.
 */
export interface Group {
  readonly group: Readonly<Record<string, string | number | boolean | null>>
  readonly bucket: string | null
  readonly count: number
  readonly sums: Readonly<Record<string, string>>
}

/** A query for which no index is declared is a fault. An outage refuses `unavailable` (details: `part`). */
export interface Reads<C extends CollectionName> {
  /** The row, or refuses `not_found`. A key of one field is a plain string. */
  get<N extends C>(collection: N, key: Key<N>): Promise<RowOf<N>>
  /** The row, or null. */
  find<N extends C>(collection: N, key: Key<N>): Promise<RowOf<N> | null>
  /** The rows that exist, in the order of the keys, without the missing ones; at most 1,000 keys. */
  getMany<N extends C>(collection: N, keys: readonly Key<N>[]): Promise<RowOf<N>[]>
  list<N extends C>(collection: N, query: Query<N>): Promise<Page<RowOf<N>>>
  count<N extends C>(collection: N, filter: Filter<N>): Promise<number>
  sum<N extends C>(collection: N, query: SumQuery<N>): Promise<Group[]>
  /** All matching rows in the given order, read in pages: flat memory however many there are. */
  stream<N extends C>(
    collection: N,
    query: Omit<Query<N>, 'limit' | 'cursor'>,
  ): AsyncIterable<RowOf<N>>
  /** The same for who reads these fields alone: others may be left out, and pages are fetched ahead. */
  streamFields<N extends C, F extends Field<N>>(
    collection: N,
    fields: readonly F[],
    query: Omit<Query<N>, 'limit' | 'cursor'>,
  ): AsyncIterable<Pick<RowOf<N>, F>>
}

/**
 * A write that is refused ends its transaction: a body that swallows the refusal does not commit. A reference
 * to no row of the same tenant, and a value of the wrong type, are faults. Text with a NUL or half a surrogate
 * pair is refused with `invalid_request`.
 */
export interface Writes<C extends CollectionName> {
  /** Like `get`, and holds the row against other writers until the transaction ends. */
  lock<N extends C>(collection: N, key: Key<N>): Promise<RowOf<N>>
  /**
   * Like `lock`, but others may share the row at the same time: it only stays as it is. Who wants to write
   * it afterwards locks it at once instead, since two who share it would wait for each other.
   */
  share<N extends C>(collection: N, key: Key<N>): Promise<RowOf<N>>
  /** Refuses `already_exists` (details: `constraint`, the camel-case fields of the violated key joined by `,`). */
  insert<N extends C>(collection: N, row: RowOf<N>): Promise<void>
  /**
   * With `onConflict: 'skip'` rows whose key, or a unique key of theirs, exists are left out; answers how many
   * were written.
   */
  insertMany<N extends C>(
    collection: N,
    rows: readonly RowOf<N>[],
    options?: { readonly onConflict?: 'fail' | 'skip' },
  ): Promise<number>
  /**
   * Compare-and-set: writes the row where the stored `version` equals `row.version`, stores version + 1 and
   * answers the row as stored. Refuses `version_conflict`, and `already_exists` for a unique key. Rows without
   * a version of their own (number series, plans) are replaced as they are; those refuse `not_found`.
   */
  replace<N extends C>(collection: N, row: RowOf<N>): Promise<RowOf<N>>
  replaceMany<N extends C>(collection: N, rows: readonly RowOf<N>[]): Promise<RowOf<N>[]>
  /**
   * Adds what the rows count to the stored rows of their keys; where there is none, the row is written. Each key
   * comes once. Rows are touched in the order of their keys, so that writers never wait for each other in a ring.
   */
  add<N extends C & CounterCollection>(collection: N, rows: readonly RowOf<N>[]): Promise<void>
  /** Refuses `not_found`. */
  remove<N extends C>(collection: N, key: Key<N>): Promise<void>
}

export type TenantOrSystemRead = Reads<TenantCollection | SystemCollection>

/** Whose a series of numbers is. */
export type SeriesScope = 'tenant' | 'issuer'

/** Inside a transaction of one tenant: every row read or written is that tenant's, or a system row to read. */
export interface TenantTransaction
  extends Reads<CollectionName>,
    Writes<TenantCollection | SharedCollection> {
  /**
   * Takes `count` numbers of each series, gapless: they come back if the transaction does not commit.
   * Answers the first of each. The series are the tenant's own, or those that all tenants share
   * (`issuer`): whoever takes from such a one holds it until the transaction ends.
   */
  takeNumbers(
    counts: Readonly<Record<string, number>>,
    scope?: SeriesScope,
  ): Promise<Record<string, number>>
  /**
   * Adds usage events, skipping keys already there, and adds the new ones to the daily totals, in one
   * statement. Answers which keys were new.
   */
  ingest(events: readonly RowOf<'usageEvents'>[]): Promise<ReadonlySet<string>>
}

/** Rows that fall due and are worked on by one worker at a time. */
type ClaimedCollection =
  | 'inbox'
  | 'transactions'
  | 'subscriptions'
  | 'invoices'
  | 'mails'
  | 'webhookDeliveries'
  | 'exports'

/** Work across tenants, for jobs and the operator; every tenant row still carries its tenant. */
export interface SystemTransaction extends Reads<CollectionName>, Writes<CollectionName> {}

export interface SystemHandle extends Reads<CollectionName> {
  transaction<T>(body: (tx: SystemTransaction) => Promise<T>): Promise<T>
  /**
   * Takes due rows for one worker: those whose `field` is at or before `now`, oldest first, skipping rows
   * that others are taking, and moves their `field` to `leaseUntil` at once (version + 1). `where` narrows
   * them down by equality.
   */
  claim<N extends ClaimedCollection>(
    collection: N,
    options: {
      readonly field: Field<N>
      readonly where?: Partial<RowOf<N>>
      readonly now: Instant
      readonly leaseUntil: Instant
      readonly limit: number
    },
  ): Promise<RowOf<N>[]>
}

export interface Store {
  /** Reads of one tenant (and of system rows), each in its own statement. */
  of(tenantId: string): Reads<CollectionName>
  /**
   * Runs the body in one transaction of the tenant. The body may run again (a lost race, a serialisation
   * failure; at most 5 times), so it has no effects outside the store, and `tx` is its only handle.
   */
  transaction<T>(tenantId: string, body: (tx: TenantTransaction) => Promise<T>): Promise<T>
  /**
   * Does one piece of work for each of many items, each all or nothing, and answers each outcome. Many may
   * share one transaction, in which the database is asked for all of them at once. The work uses only the
   * store that it is given, has no effects outside of it, and may run again.
   */
  together<Item, T>(
    items: readonly Item[],
    work: (store: Store, item: Item) => Promise<T>,
  ): Promise<PromiseSettledResult<T>[]>
  readonly system: SystemHandle
  /** Whether the database answers; for /readyz. */
  ping(): Promise<void>
  close(): Promise<void>
}
