// The tenants of a run, each with cards and a bank account of its own kinds.
import type { Caller } from './caller.ts'
import type { Sandbox } from './parts.ts'

export interface Tenant {
  readonly id: string
  /** Works at once. */
  readonly card: string
  /** Declines, or gives its refunds back late or never. */
  readonly special: string
  /** Takes its time; some have no funds in the end. */
  readonly bank: string
}

const specials = [
  'pm_card_chargeCustomerFail',
  'pm_card_pendingRefund',
  'pm_card_refundFail',
  'pm_card_mastercard',
] as const
const banks = [
  'pm_usBankAccount_success',
  'pm_usBankAccount_success',
  'pm_usBankAccount_insufficientFunds',
] as const

async function addMethod(caller: Caller, tenantId: string, token: string) {
  const body = { paymentMethodId: token }
  const heard = await caller.until('POST', '/payment-methods', { as: 'admin', tenantId, body })
  if (heard.status !== 201) throw new Error(`${token}: ${JSON.stringify(heard.body)}`)
  return heard.body
}

/** A bank account is debited under a mandate, which its owner gives in a browser. */
async function allowDebits(sandbox: Sandbox, processorMethodId: string): Promise<void> {
  const { customer } = await sandbox.stripe.paymentMethods.retrieve(processorMethodId)
  await sandbox.stripe.setupIntents.create({
    customer: String(customer),
    payment_method: processorMethodId,
    allowed_payment_method_types: ['us_bank_account'],
    confirm: true,
    mandate_data: {
      customer_acceptance: {
        type: 'online',
        online: { ip_address: '127.0.0.1', user_agent: 'faults' },
      },
    },
  })
}

async function openTenant(caller: Caller, sandbox: Sandbox, index: number): Promise<Tenant> {
  const id = `faults-${index}`
  const card = await addMethod(caller, id, 'pm_card_visa')
  const special = await addMethod(caller, id, specials[index % specials.length]!)
  const bank = await addMethod(caller, id, banks[index % banks.length]!)
  await allowDebits(sandbox, bank.stripePaymentMethodId)
  return { id, card: card.id, special: special.id, bank: bank.id }
}

/** Opens them all, before anything goes wrong. */
export async function openTenants(
  caller: Caller,
  sandbox: Sandbox,
  count: number,
): Promise<Tenant[]> {
  const tenants: Tenant[] = []
  for (let index = 0; index < count; index += 1) {
    tenants.push(await openTenant(caller, sandbox, index))
  }
  return tenants
}
