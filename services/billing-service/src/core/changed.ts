// What a change made of a record, field by field, as the audit log keeps it for good. Not the record itself: what
// says something of a person, and every secret, is only said to have changed.
import { canonical } from './seal.ts'

/** From one value to another, or that a value changed which is not told. */
export type FieldChange =
  | { readonly from: unknown; readonly to: unknown }
  | { readonly hidden: true }

/** By field; a field that stayed as it was is left out. */
export type Changed = Readonly<Record<string, FieldChange>>

export interface Telling {
  /** Fields whose values are not told. */
  readonly hides: (field: string) => boolean
  /** Fields that are no word about the record: keys, stamps. */
  readonly skips: (field: string) => boolean
  /** The value as it is told; the value itself where nothing is said. */
  readonly shows?: (field: string, value: unknown) => unknown
}

type Fields = Readonly<Record<string, unknown>>

/** Longer texts are told by their beginning. */
const textMax = 500

const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(canonical(a)) === JSON.stringify(canonical(b))

function told(value: unknown): unknown {
  if (typeof value === 'string' && value.length > textMax) {
    // What stands last may be half of a character.
    return `${value.slice(0, textMax).replace(/[\uD800-\uDBFF]$/, '')}…`
  }
  if (Array.isArray(value)) return value.map(told)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, told(inner)]))
}

/**
 * What is different between two states of a record; null stands for before it was made, or after it is gone. A
 * value that is told the same although it changed is only said to have changed.
 */
export function changedFields(
  before: object | null,
  after: object | null,
  { hides, skips, shows = (_, value) => value }: Telling,
): Changed {
  const was = (before ?? {}) as Fields
  const is = (after ?? {}) as Fields
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const changes = fields.flatMap((field): [string, FieldChange][] => {
    if (skips(field) || same(was[field] ?? null, is[field] ?? null)) return []
    if (hides(field)) return [[field, { hidden: true }]]
    const from = told(shows(field, was[field]))
    const to = told(shows(field, is[field]))
    return [[field, same(from, to) ? { hidden: true } : { from, to }]]
  })
  return Object.fromEntries(changes)
}
