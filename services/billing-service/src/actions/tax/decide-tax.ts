// What the issuer decides of a customer's tax: an exemption, or that its VAT id was proved.
import type { Caller } from '../../core/caller.ts'
import type { Customer } from '../../core/customer.ts'
import type { TaxProof } from '../../core/invoice-tax.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { changedRow } from '../changed-row.ts'
import { enter } from '../enter.ts'
import { record } from '../record.ts'

export interface TaxDecision {
  readonly exempt?: boolean | undefined
  /** Null takes a proof back. */
  readonly proof?: (Omit<TaxProof, 'recordedBy' | 'provedAt'> & { provedAt: number | null }) | null
}

/**
 * Stores the decision with its proof. A proved VAT id stands among the tax ids of the customer, so that
 * documents show it. Refuses `not_found`, `invalid_request` for a manual decision without a reason.
 */
export async function decideTax(
  deps: Deps,
  caller: Caller,
  customerId: string,
  { exempt, proof }: TaxDecision,
): Promise<Customer> {
  const { at, now } = await enter(deps, caller)
  if (proof?.source === 'manual' && proof.reference === null) {
    refuse('invalid_request', {}, [
      { path: '/proof/reference', message: 'a manual decision needs its reason' },
    ])
  }
  return deps.store.transaction(caller.tenantId, async tx => {
    const customer = await tx.lock('customers', customerId)
    const taxProof: TaxProof | null =
      proof === undefined
        ? customer.taxProof
        : proof && { ...proof, provedAt: proof.provedAt ?? now, recordedBy: caller.subject }
    const known = customer.taxIds.some(({ value }) => value === taxProof?.vatId)
    const own = taxProof === null || known ? [] : [{ type: 'vat', value: taxProof.vatId }]
    const saved = await tx.replace('customers', {
      ...customer,
      taxExempt: exempt ?? customer.taxExempt,
      taxProof,
      taxIds: [...customer.taxIds, ...own],
      updatedAt: at,
    })
    await record(deps, tx, caller, at, [
      {
        type: 'customer.tax_decided',
        objectId: customerId,
        data: {
          exempt: [customer.taxExempt, saved.taxExempt],
          proved: [customer.taxProof !== null, taxProof !== null],
          country: taxProof?.country ?? null,
          source: taxProof?.source ?? null,
          reference: taxProof?.reference ?? null,
        },
        changed: changedRow('customers', customer, saved),
      },
    ])
    return saved
  })
}
