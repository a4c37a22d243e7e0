// Texts that look like what the service itself stores for an encrypted value: refused where they arrive, or they
// would be taken for one when they are read.
import { HttpRefusal } from '@quittance/http-kit/refusal'

const reserved = /^encrypted:\d+:/

/** Whether a text may not be kept, because it would be read as an encrypted value. */
export const isReserved = (text: string): boolean => reserved.test(text)

/** The JSON pointer of the first such text in a parsed value, or null. */
function reservedIn(value: unknown): string | null {
  if (typeof value === 'string') return isReserved(value) ? '' : null
  if (typeof value !== 'object' || value === null) return null
  for (const name of Object.keys(value)) {
    const found = reservedIn((value as Record<string, unknown>)[name])
    if (found === null) continue
    return `/${name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100)}${found}`
  }
  return null
}

/** Refuses `invalid_request` and names the field. */
export function refuseReserved(body: unknown): void {
  const path = reservedIn(body)
  if (path === null) return
  const message =
    'must not begin with "encrypted:" and a number: the service marks with it what it encrypts'
  const messageZh = '不得以“encrypted:”加数字开头：该标记由系统用于加密内容。'
  throw new HttpRefusal('invalid_request', {}, [{ path, message, messageZh }])
}
