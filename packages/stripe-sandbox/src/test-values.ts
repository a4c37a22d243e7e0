// Behaviour asked for by metadata, for tests that can only shape their own objects:
// `sandbox_balance: late` holds the balance transaction of a charge back, `sandbox_fault: <kind>`
// strikes the very request that carries it.

import type Stripe from 'stripe'
import { type Fault, requestFaults, singleFault } from './faults.ts'
import type { FormRecord } from './form.ts'
import type { Work } from './state.ts'

/** Is the balance transaction of a charge to arrive later than the charge itself? */
export function lateBalance(work: Work, metadata: Stripe.Metadata): boolean {
  if (metadata.sandbox_balance === 'late') return true
  return work.environment.faults.strike(['late_balance'], { name: 'charge' }) !== undefined
}

/** The fault that a request's own metadata asks for. */
export function faultByMetadata(params: FormRecord): Fault | undefined {
  const { metadata } = params
  if (typeof metadata !== 'object' || Array.isArray(metadata)) return undefined
  const kind = requestFaults.find(known => known === metadata.sandbox_fault)
  return kind ? singleFault(kind) : undefined
}
