// Who is calling: reads the API key of a request.

import { unauthorized } from './failures.ts'

export type Keys = { secretKey: string; publishableKey: string }

export type Caller = 'secret' | 'publishable'

export type Headers = Record<string, string | string[] | undefined>

export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

function keyOf(headers: Headers): string | undefined {
  const [scheme = '', value = ''] = (headerOf(headers, 'authorization') ?? '').split(' ')
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return undefined
  return Buffer.from(value, 'base64').toString().split(':')[0]
}

function shownKey(key: string): string {
  return key.length <= 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}****${key.slice(-4)}`
}

/** Who is calling: 401 without a key or with an unknown one. */
export function callerOf(headers: Headers, keys: Keys): Caller {
  const key = keyOf(headers)
  if (!key) {
    throw unauthorized(
      'You did not provide an API key. You need to provide your API key in the Authorization ' +
        "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  if (key === keys.secretKey) return 'secret'
  if (key === keys.publishableKey) return 'publishable'
  throw unauthorized(`Invalid API Key provided: ${shownKey(key)}`)
}
