// A connection that cannot change anything at Stripe: for imports and comparisons of accounts that others run.
import Stripe from 'stripe'

/** A preview is asked for by POST, and stores nothing. */
const previews = new Set(['/v1/invoices/create_preview'])

const reads = (method: string, path: string): boolean =>
  method.toUpperCase() === 'GET' || previews.has(path.split('?')[0] ?? '')

/** The SDK's own client, which sends nothing but reads; anything else is a fault of ours. */
export function readingClient(): Stripe.HttpClient {
  const client = Stripe.createNodeHttpClient()
  const { makeRequest } = client
  client.makeRequest = (host, port, path, method, ...rest) => {
    if (reads(method, path)) return makeRequest.call(client, host, port, path, method, ...rest)
    const told = `${method} ${path} would change something at Stripe, which is only read here`
    return Promise.reject(new Error(told))
  }
  return client
}
