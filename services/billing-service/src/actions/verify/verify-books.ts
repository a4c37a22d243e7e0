// Proves the books of a deployment. It only reads; what it finds is for people to mend.
import type { Proof, Proving } from './proof.ts'
import { proveMovements, proveTotals } from './prove-derived.ts'
import { proveCredited, proveFigures, proveNumbers } from './prove-documents.ts'
import { proveCredits, proveInvoiceAccounts, provePostings } from './prove-ledger.ts'
import { proveProcessor, proveRefunds } from './prove-money.ts'
import { type KeptSeal, proveSeals } from './prove-seals.ts'

export interface Verification {
  /** How far back the processor is asked. */
  readonly days: number
  /** Newest seals that were exported earlier. */
  readonly kept?: readonly KeptSeal[]
}

/** All proofs, in the order of their cost. */
export async function verifyBooks(deps: Proving, { days, kept }: Verification): Promise<Proof[]> {
  return [
    await provePostings(deps),
    await proveCredits(deps),
    await proveInvoiceAccounts(deps),
    await proveFigures(deps),
    await proveCredited(deps),
    await proveNumbers(deps),
    await proveRefunds(deps),
    await proveTotals(deps),
    await proveMovements(deps),
    await proveSeals(deps, 'ledger', kept),
    await proveSeals(deps, 'audit', kept),
    await proveProcessor(deps, days),
  ]
}
