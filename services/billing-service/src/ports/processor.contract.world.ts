// The ground on which the processor's contract stands: what an adapter's test must bring, and the
// requests that the suites make. It claims nothing itself.
import type { ChargeRequest, Processor } from './processor.ts'

/** What goes wrong with the next calls: turned away as busy, or carried out and never answered. */
export type Disturbance = 'busy_once' | 'busy' | 'answers_lost'

export interface ProcessorFixture {
  readonly processor: Processor
  /** Ids by which a new method is attached, each time a fresh one. */
  readonly methods: {
    readonly approved: string
    readonly declinedWhenAttached: string
    readonly declinedWhenCharged: string
    readonly challenged: string
  }
  /** Disturbs calls that change something, until `calm`. */
  disturb(disturbance: Disturbance): void
  calm(): void
  /**
   * How many payments and refunds the processor itself has on record for one of our transactions.
   */
  recorded(transactionId: string): number
  /** The newest event of a type as it would be delivered at `now`, in epoch milliseconds. */
  eventOf(type: 'payment' | 'refund', now: number): { rawBody: Buffer; signature: string }
  close(): Promise<void>
}

export const amount = { amountMinor: 4_900, currency: 'USD' }
export const now = Date.UTC(2026, 10, 23)
export const newId = (prefix: string) => `${prefix}_${crypto.randomUUID().replaceAll('-', '')}`

/** What the suites share: the fixture, a new customer for each test, and requests about it. */
export interface World {
  fixture(): ProcessorFixture
  customer(): string
  attach(method: string): ReturnType<Processor['updateMethod']>
  charge(methodId: string, changes?: Partial<ChargeRequest>): ChargeRequest
}

export const newCustomer = () => ({
  tenantId: 'tenant_1',
  customerId: newId('cus'),
  name: 'Acme GmbH',
  email: 'billing@acme.example',
})

export const attach = (fixture: ProcessorFixture, customer: string, method: string) =>
  fixture.processor.attachMethod({
    key: newId('key'),
    processorCustomerId: customer,
    processorMethodId: method,
    billingDetails: null,
    acceptance: null,
  })

export function chargeRequest(
  given: Partial<ChargeRequest> & Pick<ChargeRequest, 'processorCustomerId' | 'processorMethodId'>,
): ChargeRequest {
  return {
    transactionId: newId('txn'),
    tenantId: 'tenant_1',
    invoiceId: 'inv_1',
    amount,
    methodType: 'card',
    offSession: true,
    representment: false,
    description: 'ACME-0001',
    createdAt: now,
    ...given,
  }
}
