// Walking Stripe's lists to their end: newest first, a hundred at a time, through the one connection.
import type Stripe from 'stripe'
import type { StripeConnection } from './connect.ts'

const pageSize = 100

export interface PageParams {
  readonly limit: number
  readonly starting_after?: string
}

/** Every object of a list, page after page, in flat memory. */
export async function* eachPage<T extends { readonly id: string }>(
  connection: StripeConnection,
  operation: string,
  send: (
    stripe: Stripe,
    page: PageParams,
  ) => Promise<Stripe.Response<Stripe.ApiList<T> & { object: 'list' }>>,
): AsyncGenerator<T> {
  let after: string | undefined
  for (;;) {
    const params = { limit: pageSize, ...(after !== undefined && { starting_after: after }) }
    const page = await connection.call(operation, { object: 'list' }, stripe =>
      send(stripe, params),
    )
    yield* page.data
    after = page.data.at(-1)?.id
    if (!page.has_more || after === undefined) return
  }
}
