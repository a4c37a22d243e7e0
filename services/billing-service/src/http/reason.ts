// Why a caller does something, for the audit log: said in the X-Reason header, else in the `reason` of the body.
import { accountNumberIn } from '@quittance/http-kit/account-numbers'
import { refuse } from '../core/refusal.ts'
import { isReserved } from './reserved-texts.ts'

const lengthMax = 500

/** Headers carry ASCII: other letters come percent-encoded, or as bytes of UTF-8. */
function decoded(header: string): string {
  const text = Buffer.from(header, 'latin1').toString('utf8')
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const wrong = (message: string): never =>
  refuse('invalid_request', {}, [{ path: '/x-reason', message }])

/** Refuses `invalid_request` for a reason that is too long or holds what may not be kept. */
export function reasonOf(header: string | string[] | undefined, body: unknown): string | null {
  const said = (body as { reason?: unknown } | null | undefined)?.reason
  const text = typeof header === 'string' ? decoded(header) : said
  if (typeof text !== 'string' || text.trim() === '') return null
  if (typeof header === 'string' && text.length > lengthMax) wrong('takes at most 500 characters')
  if (/[\p{Cc}\p{Cs}]/u.test(text) && typeof header === 'string') wrong('must be one line of text')
  if (isReserved(text)) wrong('must not begin with "encrypted:" and a number')
  if (accountNumberIn(text) !== null) wrong('must not hold a card or account number')
  return text.slice(0, lengthMax)
}
