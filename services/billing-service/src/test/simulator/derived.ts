// What reports read is what its rows say: the same proofs as `quittance verify`.
import { proveMovements, proveTotals } from '../../actions/verify/prove-derived.ts'
import type { SimulatedWorld } from './world.ts'

export async function derivedProblems({ deps }: SimulatedWorld): Promise<string[]> {
  const proofs = [await proveTotals(deps), await proveMovements(deps)]
  return proofs.flatMap(({ broken }) => broken)
}
