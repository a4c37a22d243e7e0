// Ids from the time and the machine's randomness: 48 bits of milliseconds and 80 random bits in Crockford's
// base 32, the layout of a ULID, so that text order is the order of making.
import { randomBytes } from 'node:crypto'
import { type Id, type IdKind, idPrefixes } from '../../core/ids.ts'
import type { Ids } from '../../ports/ids.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const timeLength = 10
const randomLength = 16
const prefixLength = 6

function timeText(at: number): string {
  let rest = at
  let text = ''
  for (let i = 0; i < timeLength; i += 1) {
    text = alphabet[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** One letter per byte: 256 is a multiple of 32, so every letter is equally likely. */
const randomText = (length: number): string =>
  Array.from(randomBytes(length), byte => alphabet[byte % 32]).join('')

/** Within one millisecond the random part counts up, so ids of one process never change their order. */
function successor(text: string): string {
  const digits = [...text]
  for (let i = digits.length - 1; i >= 0; i -= 1) {
    const next = alphabet.indexOf(digits[i]!) + 1
    if (next < alphabet.length) {
      digits[i] = alphabet[next]!
      return digits.join('')
    }
    digits[i] = '0'
  }
  return randomText(text.length)
}

/** Makes the source of ids. */
export function makeIds(now: () => number = Date.now): Ids {
  let lastAt = -1
  let lastRandom = ''
  return {
    next<K extends IdKind>(kind: K): Id<K> {
      const at = Math.max(now(), lastAt)
      lastRandom = at === lastAt ? successor(lastRandom) : randomText(randomLength)
      lastAt = at
      return `${idPrefixes[kind]}_${timeText(at)}${lastRandom}` as Id<K>
    },
    numberPrefix: () => randomText(prefixLength),
    apiKey: () => `qk_${randomBytes(32).toString('base64url')}`,
    webhookSecret: () => `whsec_${randomBytes(32).toString('base64')}`,
  }
}
