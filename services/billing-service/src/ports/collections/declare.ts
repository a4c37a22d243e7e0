// How a stored record is declared: fields, keys, indexes, references.

/** `decimal` is an exact decimal string; `instant` is epoch milliseconds; `?` allows null. */
type ScalarType = 'text' | 'integer' | 'decimal' | 'instant' | 'boolean' | 'json'
export type FieldType = ScalarType | `${ScalarType}?`

export interface Declaration<R> {
  /** A tenant's rows carry `tenantId` and are reached only for that tenant; system rows have none. */
  readonly scope: 'tenant' | 'system'
  readonly table: string
  readonly fields: { readonly [K in keyof R]-?: FieldType }
  /** Primary key; a tenant's rows are keyed by (tenantId, ...key). */
  readonly key: readonly (keyof R & string)[]
  /** Unique keys; rows with a null among the fields do not count. Tenant keys start with tenantId. */
  readonly unique?: readonly (readonly (keyof R & string)[])[]
  /** Orders and filters that queries may use; tenant indexes start with tenantId. */
  readonly indexes?: readonly (readonly (keyof R & string)[])[]
  /** Indexes over all tenants, for due work. */
  readonly systemIndexes?: readonly (readonly (keyof R & string)[])[]
  /** Fields that name a row of another collection of the same tenant. */
  readonly references?: Readonly<Partial<Record<keyof R & string, string>>>
  /** Rows are only ever added. */
  readonly appendOnly?: boolean
  /** Fields that say something of a person, each with what stands in its place after an erasure. */
  readonly personal?: { readonly [K in keyof R]?: (value: R[K]) => R[K] }
  /** Fields that say something of a person and outlive an erasure, and what demands it. */
  readonly retained?: { readonly fields: readonly (keyof R & string)[]; readonly basis: Basis }
  /**
   * The fields that say something of a person in rows that no document rests on: an erasure removes such rows
   * as a whole.
   */
  readonly removable?: readonly (keyof R & string)[]
  /**
   * A text that may hold anything of the tenant, and so is encrypted like what is personal; in rows where `keptWhen`
   * is true, like what is retained.
   */
  readonly opaque?: { readonly field: keyof R & string; readonly keptWhen: keyof R & string }
  /** Personal fields that are never encrypted, because queries ask for them, and why they may stand in clear. */
  readonly inClear?: { readonly [K in keyof R]?: string }
}

/**
 * Why personal data outlive an erasure. `invoice_law`: documents and books, GDPR Art. 17(3)(b).
 * `accountability`: who did what, sealed so that nobody can change it, Art. 17(3)(b) and (e).
 */
export type Basis = 'invoice_law' | 'accountability'

/** Names the record that a declaration is of. */
export const declare = <R>(declaration: Declaration<R>): Declaration<R> => declaration

/** Fields of every record that changes. */
export const stamps = { createdAt: 'instant', updatedAt: 'instant', version: 'integer' } as const

/** What may stand in place of an erased value. */
export const gone = (): null => null
export const noneLeft = (): [] => []
export const emptied = (): Record<string, never> => ({})
/** For texts that must not be empty. */
export const erasedText = (): string => 'erased'
