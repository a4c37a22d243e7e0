// How an encrypted value looks in its field. A text becomes `encrypted:1:<key>:<bytes>`; a nested value becomes an
// object with that text, and beside it what an erasure would leave of it.
import { assert } from '../../core/assert.ts'
import type { EncryptedField } from '../../ports/encrypted-fields.ts'
import { storableJson, storableText } from '../../ports/shape.ts'
import { decrypt, encrypt } from './cipher.ts'
import type { Opener, UsableKey } from './keyring.ts'

const mark = /^encrypted:1:([\w-]{22}):([\w-]+)$/

interface Nested {
  readonly encrypted: string
  readonly left?: unknown
}

const isNested = (value: unknown): value is Nested =>
  typeof value === 'object' &&
  value !== null &&
  'encrypted' in value &&
  Object.keys(value).every(key => key === 'encrypted' || key === 'left')

function textIn({ isJson }: EncryptedField, stored: unknown): string | null {
  const text = isJson ? isNested(stored) && stored.encrypted : stored
  return typeof text === 'string' && mark.test(text) ? text : null
}

/** The key that opens what is stored; null for a value in clear. */
export const keyIdOf = (field: EncryptedField, stored: unknown): string | null =>
  mark.exec(textIn(field, stored) ?? '')?.[1] ?? null

/** A value ready to be encrypted: its text, and what stays of it in clear. */
export interface Plain {
  readonly text: string
  readonly left?: unknown
}

/**
 * What there is to encrypt; null where a value says nothing of anybody: it is empty, or as an erasure would leave
 * it. Refuses `invalid_request` for texts that no store could give back.
 */
export function plainOf(field: EncryptedField, value: unknown): Plain | null {
  if (value === null || value === undefined) return null
  if (!field.isJson) {
    assert(typeof value === 'string', `${field.field} is text`)
    if (value === '' || (field.purpose === 'erasable' && value === field.erased(value))) return null
    return { text: storableText(value) }
  }
  const text = storableJson(value)
  if (text === '{}' || text === '[]') return null
  if (field.purpose === 'retained') return { text }
  const left = field.erased(value)
  return text === JSON.stringify(left) ? null : { text, left }
}

/** The value as it is stored. `context` names its place: tenant, row and field. */
export function encryptedValue(
  { isJson }: EncryptedField,
  plain: Plain,
  { id, key }: UsableKey,
  context: string,
): unknown {
  const text = `encrypted:1:${id}:${encrypt(key, plain.text, context)}`
  if (!isJson) return text
  return 'left' in plain ? { encrypted: text, left: plain.left } : { encrypted: text }
}

/** The value as it was given, or what an erasure left of it. Throws when it was not written for this place. */
export function openedValue(
  field: EncryptedField,
  stored: unknown,
  opener: Opener,
  context: string,
): unknown {
  if (opener === 'destroyed') {
    return isNested(stored) && 'left' in stored ? stored.left : field.erased(null)
  }
  const [, , bytes = ''] = mark.exec(textIn(field, stored) ?? '') ?? []
  const text = openedText(opener, bytes, context)
  return field.isJson ? JSON.parse(text) : text
}

function openedText(key: Uint8Array, bytes: string, context: string): string {
  try {
    return decrypt(key, bytes, context).toString('utf8')
  } catch (cause) {
    throw new Error(`an encrypted value was changed, or not written for ${context}`, { cause })
  }
}
