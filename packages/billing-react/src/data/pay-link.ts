// What the pages behind a link read: the invoice as its holder may see it, looked at again while a payment is
// under way.
import type { PayLinkClient, PayLinkView } from '@quittance/billing-client/pay-link'
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useBilling } from '../billing-context.ts'
import { nextLookMs } from '../states/pay-link-state.ts'

export type {
  PayByLinkInput,
  PayByLinkResult,
  PayLinkView,
} from '@quittance/billing-client/pay-link'

export function usePayLink(client: PayLinkClient, linkToken: string): UseQueryResult<PayLinkView> {
  const { queryClient, scope } = useBilling()
  return useQuery(
    {
      queryKey: [...scope, 'pay-link', linkToken],
      queryFn: ({ signal }) => client.view({ signal }),
      refetchInterval: ({ state }) => (state.data ? nextLookMs(state.data) : false),
      // In the other language the old words stay until the new ones are there.
      placeholderData: keepPreviousData,
    },
    queryClient,
  )
}
