// What is looked at of the whole world: at any moment, once everything has come to rest, and what
// `quittance verify` proves. Each answers what does not hold.
import { countDueNotBilled } from '../../actions/operations/due-not-billed.ts'
import { sealWaiting } from '../../actions/seals/seal-rows.ts'
import { verifyBooks } from '../../actions/verify/verify-books.ts'
import type { Coverage } from './coverage.ts'
import { derivedProblems } from './derived.ts'
import { gaplessNumbers, problemsOf, redemptions } from './invariants.ts'
import { compareDisputes, compareWithProcessor } from './processor-match.ts'
import { readBooks, readOffers, type TenantBooks } from './tenant-state.ts'
import type { SimulatedWorld } from './world.ts'

const booksOf = (world: SimulatedWorld): Promise<TenantBooks[]> =>
  Promise.all(world.tenants.map(({ tenantId }) => readBooks(world, tenantId)))

async function problemsIn(world: SimulatedWorld, all: readonly TenantBooks[]): Promise<string[]> {
  const shared = [...gaplessNumbers(all), ...redemptions(all, await readOffers(world))]
  return [...new Set([...all.flatMap(problemsOf), ...shared])]
}

/** What must hold at any moment. */
export const problemsNow = async (world: SimulatedWorld): Promise<string[]> =>
  problemsIn(world, await booksOf(world))

/** What must hold when nothing is under way: besides, every period is billed and the processor agrees. */
export async function problemsAtRest(world: SimulatedWorld, coverage: Coverage): Promise<string[]> {
  const all = await booksOf(world)
  const due = await countDueNotBilled(world.deps)
  const transactions = all.flatMap(books => books.transactions)
  return [
    ...(await problemsIn(world, all)),
    ...coverage.compare(all.flatMap(books => books.invoices)),
    ...compareWithProcessor(world, transactions),
    ...compareDisputes(
      world,
      all.flatMap(books => books.disputes),
    ),
    ...(await derivedProblems(world)),
    ...(due > 0 ? ['something due is not billed'] : []),
  ]
}

/** Seals what waits, and asks for everything that `quittance verify` proves. */
export async function unproved({ deps }: SimulatedWorld, days: number): Promise<string[]> {
  while ((await sealWaiting(deps)).taken > 0);
  const proofs = await verifyBooks(deps, { days })
  return proofs.flatMap(({ says, broken, notes }) => {
    const unsealed = notes.filter(note => note.endsWith('not sealed yet'))
    return [...broken, ...unsealed].map(line => `verify: ${says}: ${line}`)
  })
}
