// Reading from the API through the cache of the provider. One place, so that every key is scoped
// alike.
import type { BillingClient, CallOptions } from '@quittance/billing-client/client'
import { type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type BillingEnvironment, useBilling } from '../billing-context.ts'
import { isEnded } from '../states/subscription-state.ts'
import type {
  CreditNoteWire,
  CustomerWire,
  InvoiceWire,
  PaymentMethodWire,
  PlanWire,
  QuoteWire,
  SettingsWire,
  SubscriptionUsageWire,
  SubscriptionWire,
  TransactionWire,
  UsageEventWire,
} from './wire.ts'

type Read<T> = (client: BillingClient, options: CallOptions) => Promise<T>

/** Reads something once and keeps it; `enabled: false` waits. */
export function useRead<T>(
  key: readonly unknown[],
  read: Read<T>,
  enabled = true,
): UseQueryResult<T> {
  const { client, queryClient, scope } = useBilling()
  return useQuery(
    {
      queryKey: [...scope, ...key],
      queryFn: ({ signal }) => read(client, { signal }),
      enabled,
    },
    queryClient,
  )
}

interface WirePage<T> {
  readonly data: readonly T[]
  readonly hasMore: boolean
  readonly nextCursor: string | null
}

type ReadPage<T> = (
  client: BillingClient,
  cursor: string | undefined,
  options: CallOptions,
) => Promise<WirePage<T>>

/** Reads a list page by page; `items` are the rows of all pages so far. */
export function usePages<T>(key: readonly unknown[], read: ReadPage<T>) {
  const { client, queryClient, scope } = useBilling()
  const result = useInfiniteQuery(
    {
      queryKey: [...scope, ...key],
      queryFn: ({ signal, pageParam }) => read(client, pageParam ?? undefined, { signal }),
      initialPageParam: null as string | null,
      getNextPageParam: page => (page.hasMore ? page.nextCursor : null),
    },
    queryClient,
  )
  return { ...result, items: result.data?.pages.flatMap(page => page.data) }
}

/** The plans on offer, cheapest first. */
export const usePlans = (): UseQueryResult<readonly PlanWire[]> =>
  useRead(['plans'], async (client, options) => (await client.listPlans(options)).data)

/**
 * The subscription that the pages are about: the newest live one, else the newest of all; null when
 * there never was one.
 */
export const useSubscription = (): UseQueryResult<SubscriptionWire | null> =>
  useRead(['subscription'], async (client, options) => {
    const { data } = await client.listSubscriptions({ limit: 20 }, options)
    return data.find(subscription => !isEnded(subscription)) ?? data[0] ?? null
  })

/** Usage of the current period with its price so far. */
export const useUsage = (
  subscriptionId: string | undefined,
): UseQueryResult<SubscriptionUsageWire> =>
  useRead(
    ['usage', subscriptionId],
    (client, options) => client.getUsage(subscriptionId ?? '', options),
    subscriptionId !== undefined,
  )

/** The single events of one metric, page by page, newest first. */
export const useUsageEvents = (subscriptionId: string, metric: string) =>
  usePages<UsageEventWire>(['usage-events', subscriptionId, metric], (client, cursor, options) =>
    client.listUsageEvents(
      subscriptionId,
      { metric, limit: 20, ...(cursor ? { cursor } : {}) },
      options,
    ),
  )

/**
 * The next invoice as far as it is known: the API prices a change that changes nothing. Null where it has no next
 * invoice, or none that can be told now.
 */
export const useUpcoming = (subscriptionId: string, enabled: boolean) =>
  useRead(
    ['upcoming', subscriptionId],
    async (client, options) => {
      const quote = await client.previewSubscription({ subscriptionId, keep: false }, options)
      return quote.nextInvoice && { ...quote.nextInvoice, currency: quote.currency }
    },
    enabled,
  )

/** All methods that are not removed. */
export const usePaymentMethods = (enabled = true): UseQueryResult<readonly PaymentMethodWire[]> =>
  useRead(
    ['payment-methods'],
    async (client, options) => (await client.listPaymentMethods({ limit: 100 }, options)).data,
    enabled,
  )

/** The open invoices, the longest due first: what must be paid before anything else. */
export const useOpenInvoices = (enabled = true): UseQueryResult<readonly InvoiceWire[]> =>
  useRead(
    ['invoices', 'open'],
    async (client, options) => {
      const { data } = await client.listInvoices({ status: 'open', limit: 100 }, options)
      return [...data].sort((a, b) => (a.dueDate ?? '').localeCompare(b.dueDate ?? ''))
    },
    enabled,
  )

/** The latest invoices of any status. */
export const useLatestInvoices = (enabled = true): UseQueryResult<readonly InvoiceWire[]> =>
  useRead(
    ['invoices', 'latest'],
    async (client, options) => (await client.listInvoices({ limit: 5 }, options)).data,
    enabled,
  )

/** The invoices of one status, or of all, page by page. */
export const useInvoices = (status: string | undefined) =>
  usePages<InvoiceWire>(['invoices', 'list', status ?? null], (client, cursor, options) =>
    client.listInvoices(
      { limit: 20, ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) },
      options,
    ),
  )

/** The credit notes of a tenant, page by page, newest first. */
export const useCreditNotes = () =>
  usePages<CreditNoteWire>(['credit-notes'], (client, cursor, options) =>
    client.listCreditNotes({ limit: 20, ...(cursor ? { cursor } : {}) }, options),
  )

/** One invoice with its lines. */
export const useInvoice = (id: string): UseQueryResult<InvoiceWire> =>
  useRead(['invoices', id], (client, options) => client.getInvoice(id, options))

/** What moved for one invoice, newest first. */
export const useInvoiceTransactions = (
  invoiceId: string | undefined,
): UseQueryResult<readonly TransactionWire[]> =>
  useRead(
    ['transactions', 'invoice', invoiceId],
    async (client, options) => {
      const query = { invoiceId: invoiceId ?? '', limit: 50 }
      return (await client.listTransactions(query, options)).data
    },
    invoiceId !== undefined,
  )

/** The last payment that succeeded, or null. */
export const useLastPayment = (enabled = true): UseQueryResult<TransactionWire | null> =>
  useRead(
    ['transactions', 'last-payment'],
    async (client, options) => {
      const query = { type: 'payment', status: 'succeeded', limit: 1 } as const
      return (await client.listTransactions(query, options)).data[0] ?? null
    },
    enabled,
  )

export const transactionTypes = ['payment', 'refund', 'adjustment', 'fee'] as const

/** The statuses that a list is narrowed to; the others last a moment. */
export const transactionStatuses = ['processing', 'succeeded', 'failed'] as const

export interface TransactionFilters {
  readonly type?: (typeof transactionTypes)[number]
  readonly status?: string
}

/** Transactions page by page, newest first. */
export const useTransactions = (filters: TransactionFilters) =>
  usePages<TransactionWire>(['transactions', 'list', filters], (client, cursor, options) =>
    client.listTransactions({ ...filters, limit: 20, ...(cursor ? { cursor } : {}) }, options),
  )

/** The billing account that invoices are made out to, or null before its first use. */
export const useCustomer = (): UseQueryResult<CustomerWire | null> =>
  useRead(['customer'], async (client, options) => {
    const { data } = await client.listCustomers({ limit: 20 }, options)
    return data.find(customer => customer.isDefault) ?? data[0] ?? null
  })

export const useSettings = (): UseQueryResult<SettingsWire> =>
  useRead(['settings'], (client, options) => client.getSettings(options))

/**
 * What subscribing or changing would cost, as a quote to confirm; made anew each time it is shown. Not in
 * the scope: it must stay the same while its confirmation is under way.
 */
export function useQuote(
  asked: Parameters<BillingClient['previewSubscription']>[0],
): UseQueryResult<QuoteWire> {
  const { client, queryClient, scope } = useBilling()
  return useQuery(
    {
      queryKey: ['quittance-quote', ...scope, asked],
      queryFn: ({ signal }) => client.previewSubscription(asked, { signal }),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
      retry: false,
    },
    queryClient,
  )
}

/**
 * Where cards come from, asked of the API when the host does not say: preparing a card form names
 * the processor. Undefined while it is asked.
 */
export function useEnvironment(): BillingEnvironment | undefined {
  const { environment, client, queryClient } = useBilling()
  const asked = useQuery(
    {
      // Not in the scope: writes must not make the processor prepare another form.
      queryKey: ['quittance-environment'],
      queryFn: async ({ signal }): Promise<BillingEnvironment> => {
        const { processor } = await client.createSetupIntent({ type: 'card' }, { signal })
        return processor === 'sandbox' ? 'sandbox' : 'live'
      },
      enabled: environment === null,
      staleTime: Number.POSITIVE_INFINITY,
    },
    queryClient,
  )
  if (environment) return environment
  return asked.isError ? 'live' : asked.data
}
