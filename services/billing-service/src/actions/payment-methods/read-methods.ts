// Payment methods, listed with which one is each customer's default.
import type { Caller } from '../../core/caller.ts'
import type { PaymentMethod, PaymentMethodStatus } from '../../core/payment-method.ts'
import type { Deps } from '../../deps.ts'
import type { Page } from '../../ports/store.ts'
import { type ListInput, readList } from '../read-list.ts'

const kept: readonly PaymentMethodStatus[] = [
  'active',
  'pending_verification',
  'verification_failed',
  'expired',
]

export interface MethodsInput extends ListInput {
  readonly status?: string | undefined
  readonly customerId?: string | undefined
}

/** Without a status the detached ones are left out. */
export async function readMethods(
  deps: Deps,
  caller: Caller,
  input: MethodsInput,
): Promise<{ page: Page<PaymentMethod>; defaults: ReadonlyMap<string, string | null> }> {
  const status = input.status === undefined ? { in: kept } : (input.status as PaymentMethodStatus)
  const page = await readList(
    deps,
    caller.tenantId,
    'paymentMethods',
    {
      status,
      ...(input.customerId === undefined
        ? {}
        : { customerId: input.customerId as PaymentMethod['customerId'] }),
    },
    input,
  )
  const customers = await deps.store
    .of(caller.tenantId)
    .getMany('customers', [...new Set(page.rows.map(method => method.customerId))])
  return { page, defaults: new Map(customers.map(c => [c.id, c.defaultPaymentMethodId])) }
}
