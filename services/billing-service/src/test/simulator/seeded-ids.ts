// Ids in the order of making, of the shape that ours have, the same for the same seed.
import { type Id, type IdKind, idPrefixes } from '../../core/ids.ts'
import type { Instant } from '../../core/time.ts'
import type { Ids } from '../../ports/ids.ts'
import type { Random } from './random.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function digits(value: number, length: number): string {
  let rest = value
  let text = ''
  for (let i = 0; i < length; i += 1) {
    text = alphabet[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** The source of ids of one run. */
export function seededIds(random: Random, now: () => Instant): Ids {
  let made = 0
  return {
    next<K extends IdKind>(kind: K): Id<K> {
      made += 1
      return `${idPrefixes[kind]}_${digits(now(), 10)}${digits(made, 16)}` as Id<K>
    },
    apiKey: () => `qk_${digits(random.whole(0, 999_999), 43)}`,
    webhookSecret: () =>
      `whsec_${Buffer.from(digits(random.whole(0, 999_999), 32)).toString('base64')}`,
    numberPrefix: () =>
      Array.from({ length: 6 }, () => alphabet[random.whole(0, alphabet.length - 1)]).join(''),
  }
}
