// What the holder of a link to an invoice may call. The link is the permission: no token is sent, and the
// service takes no idempotency key here, so a payment is never tried a second time by itself.
import { basePath } from '@quittance/billing-contract/paths'
import type { BodyOf, ReplyOf } from '@quittance/billing-contract/route'
import type { Routes } from '@quittance/billing-contract/routes'
import { send } from './send.ts'

export type PayLinkView = ReplyOf<Routes['viewPayLink']>
export type PayByLinkInput = BodyOf<Routes['payByPayLink']>
export type PayByLinkResult = ReplyOf<Routes['payByPayLink']>
export type CheckoutByLink = ReplyOf<Routes['checkoutByPayLink']>

export interface PayLinkClientOptions {
  /** As of the client: `''` is the page's own origin. */
  readonly baseUrl: string
  /** The last part of the link's address. */
  readonly linkToken: string
  /** Of messages; default English. */
  readonly language?: 'en' | 'zh-CN'
  readonly fetch?: typeof globalThis.fetch
}

/** All of them throw `BillingError`; a link that is wrong, old or forged is a 404. */
export interface PayLinkClient {
  readonly view: (options?: { readonly signal?: AbortSignal }) => Promise<PayLinkView>
  readonly pay: (input: PayByLinkInput) => Promise<PayByLinkResult>
  readonly checkout: () => Promise<CheckoutByLink>
}

const timeoutMs = 30_000
/** Looking does no harm. */
const viewRetries = 2

/** A client for one link. */
export function createPayLinkClient(options: PayLinkClientOptions): PayLinkClient {
  const { baseUrl, linkToken, language = 'en' } = options
  const address = `${baseUrl.replace(/\/+$/, '')}${basePath}/public/pay/${encodeURIComponent(linkToken)}`
  // Bound, because a browser's fetch insists on its own `this`.
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis)
  const headers = {
    accept: 'application/json, application/problem+json',
    'accept-language': language,
  }
  const post = <T>(path: string, input: object): Promise<T> =>
    send(
      {
        method: 'POST',
        url: `${address}${path}`,
        headers: async () => ({ ...headers, 'content-type': 'application/json' }),
        body: JSON.stringify(input),
      },
      { fetch, retries: 0, timeoutMs },
      async answer => (await answer.json()) as T,
    )
  return {
    view: ({ signal } = {}) =>
      send(
        { method: 'GET', url: address, headers: async () => headers },
        { fetch, retries: viewRetries, timeoutMs, signal },
        async answer => (await answer.json()) as PayLinkView,
      ),
    pay: input => post('/pay', input),
    checkout: () => post('/checkout', {}),
  }
}
