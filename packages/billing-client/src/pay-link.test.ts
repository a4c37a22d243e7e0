import { describe, expect, it } from 'vitest'
import { createPayLinkClient } from './pay-link.ts'

/** A service that answers with this status and keeps what it was asked. */
function serving(status: number) {
  const asked: { url: string; method: string; headers: Record<string, string> }[] = []
  const fetch = (async (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>
    asked.push({ url, method: init.method ?? '', headers })
    return new Response('{}', { status })
  }) as typeof globalThis.fetch
  const client = createPayLinkClient({
    baseUrl: 'https://pay.example/',
    linkToken: 'a.b/c',
    language: 'zh-CN',
    fetch,
  })
  return { client, asked }
}

describe('the client of a link', () => {
  it('sends neither a token nor a key, and the link as one part of the path', async () => {
    const { client, asked } = serving(200)
    await client.view()
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: 'https://pay.example/api/v1/billing/public/pay/a.b%2Fc',
    })
    expect(Object.keys(asked[0]!.headers)).toEqual(['accept', 'accept-language'])
  })

  it('tries to pay 1 time and looks up to 3 times when the server is busy', async () => {
    const { client, asked } = serving(503)
    await expect(client.pay({ paymentMethodId: 'pm_1' })).rejects.toMatchObject({ status: 503 })
    expect(asked.map(({ method }) => method)).toEqual(['POST'])
    await expect(client.view()).rejects.toMatchObject({ status: 503 })
    expect(asked).toHaveLength(4)
  })
})
