import { describe, expect, it } from 'vitest'
import { takeLinkToken } from './link-token.ts'

function surroundings(pathname: string, kept: string | null = null) {
  const seen: { address: string | null; kept: string | null } = { address: null, kept }
  return {
    seen,
    location: { pathname },
    history: {
      replaceState: (_: unknown, __: string, url?: string | URL | null) =>
        (seen.address = String(url)),
    },
    storage: {
      getItem: () => seen.kept,
      setItem: (_: string, value: string) => (seen.kept = value),
    },
  } as const
}

describe('the token of a link', () => {
  it.each([
    ['/p/abc.def', '/p', 'abc.def'],
    ['/f/abc%2Edef/', '/f', 'abc.def'],
    ['/p/100%', '/p', '100%'],
  ])('leaves %s as %s and is kept for a reload', (pathname, address, token) => {
    const around = surroundings(pathname, 'older')
    expect(takeLinkToken(around)).toBe(token)
    expect(around.seen).toEqual({ address, kept: token })
  })

  it.each(['/p', '/f', '/p/'])('is at %s the one that was opened before', pathname => {
    const around = surroundings(pathname, 'kept')
    expect(takeLinkToken(around)).toBe('kept')
    expect(around.seen.address).toBeNull()
    expect(takeLinkToken(surroundings(pathname))).toBeNull()
  })

  it('is read even where the browser keeps its storage closed', () => {
    const closed = () => {
      throw new Error('denied')
    }
    const around = { ...surroundings('/p/abc'), storage: { getItem: closed, setItem: closed } }
    expect(takeLinkToken(around)).toBe('abc')
    expect(takeLinkToken({ ...around, location: { pathname: '/p' } })).toBeNull()
  })
})
