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
}

/** Names the record that a declaration is of. */
export const declare = <R>(declaration: Declaration<R>): Declaration<R> => declaration

/** Fields of every record that changes. */
export const stamps = { createdAt: 'instant', updatedAt: 'instant', version: 'integer' } as const
