// Which stored fields are encrypted where a deployment encrypts, and with which of its tenant's keys. It follows
// from what the declarations say of persons.
import type { KeyPurpose } from '../core/data-key.ts'
import { isNullable, type Shape, typeOf } from './shape.ts'

export interface EncryptedField {
  readonly field: string
  readonly isJson: boolean
  readonly purpose: KeyPurpose
  /** Rows in which this field is true are retained, whatever the purpose. */
  readonly keptWhen?: string
  /** What stands in place of a value whose key is destroyed. */
  readonly erased: (value: unknown) => unknown
}

const fieldsOfShape = new WeakMap<Shape, readonly EncryptedField[]>()

/** The fields of a record that are encrypted, none for most. */
export function encryptedFields(shape: Shape): readonly EncryptedField[] {
  const known = fieldsOfShape.get(shape)
  if (known !== undefined) return known
  const fields = [...erasable(shape), ...retained(shape)]
  fieldsOfShape.set(shape, fields)
  return fields
}

/** Fields that no query may ask for, whether this deployment encrypts or not. */
export const isEncrypted = (shape: Shape, field: string): boolean =>
  encryptedFields(shape).some(each => each.field === field)

function erasable(shape: Shape): EncryptedField[] {
  const { personal = {}, removable = [], opaque, inClear = {} } = shape
  const emptied = Object.entries(personal)
    .filter(([field]) => !(field in inClear))
    .map(([field, erase]) => described(shape, field, erase as (value: unknown) => unknown))
  const removed = removable.map(field => described(shape, field, () => blankOf(shape, field)))
  if (opaque === undefined) return [...emptied, ...removed]
  const bytes = { ...described(shape, opaque.field, () => ''), keptWhen: opaque.keptWhen }
  return [...emptied, ...removed, bytes]
}

const described = (
  shape: Shape,
  field: string,
  erased: EncryptedField['erased'],
): EncryptedField => ({
  field,
  isJson: typeOf(shape, field) === 'json',
  purpose: 'erasable',
  erased,
})

/** A row that an erasure would have removed says nothing when its key is gone. */
function blankOf(shape: Shape, field: string): unknown {
  if (isNullable(shape, field)) return null
  return typeOf(shape, field) === 'json' ? {} : 'erased'
}

const retained = ({ inClear = {}, ...shape }: Shape): EncryptedField[] =>
  (shape.retained?.fields ?? [])
    .filter(field => !(field in inClear))
    .map(field => ({ ...described(shape, field, value => value), purpose: 'retained' }))
