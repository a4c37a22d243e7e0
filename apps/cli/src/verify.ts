// Proves the books of a deployment and prints what was proved and the first rows that break it.
import { readFileSync } from 'node:fs'
import type { KeptSeal } from '@quittance/billing-service/actions/verify/prove-seals'
import { verifyBooks } from '@quittance/billing-service/actions/verify/verify-books'
import { exitCodes, type Invocation, Problem, type Run, UsageProblem } from './command.ts'
import { withService } from './composed.ts'
import { say, sayJson } from './terminal.ts'

/** Lines printed for one broken proof; the count says how many there are. */
const shownMax = 20

function daysOf(given: string | undefined): number {
  const days = Number(given ?? 30)
  if (Number.isInteger(days) && days >= 0 && days <= 3660) return days
  throw new UsageProblem(`--days takes a whole number up to 3660, not "${given}".`)
}

/** The seals of a file that `quittance seals` printed: one JSON object per line. */
export function readKept(text: string): KeptSeal[] {
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map((line, at) => {
      const seal = parsed(line)
      const { tenantId, stream, sequence, hash } = seal
      if (tenantId && (stream === 'ledger' || stream === 'audit') && sequence && hash) {
        return { tenantId, stream, sequence, hash }
      }
      throw new Problem(`Line ${at + 1} of the seals is none that "quittance seals" prints.`)
    })
}

function parsed(line: string): Partial<KeptSeal> {
  try {
    return Object(JSON.parse(line))
  } catch {
    return {}
  }
}

function keptOf(file: string | undefined): KeptSeal[] {
  if (file === undefined) return []
  try {
    return readKept(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem(`The seals in ${file} cannot be read.`)
  }
}

/** The proofs that `quittance verify` prints. Throws `UsageProblem` and `Problem` for its options. */
export function proofsOf({ text, env }: Invocation) {
  const days = daysOf(text('days'))
  const kept = keptOf(text('seals'))
  return withService(env, ({ deps }) => verifyBooks(deps, { days, kept }))
}

export const runVerify: Run = async invocation => {
  const { on } = invocation
  const proofs = await proofsOf(invocation)
  const holds = proofs.every(({ broken }) => broken.length === 0)
  if (on('json')) {
    sayJson({ holds, proofs })
    return holds ? exitCodes.ok : exitCodes.problem
  }
  for (const { says, compared, broken, notes } of proofs) {
    say(`${broken.length === 0 ? 'holds ' : 'BROKEN'}  ${says} (${compared} compared)`)
    for (const line of broken.slice(0, shownMax)) say(`        ${line}`)
    if (broken.length > shownMax) say(`        and ${broken.length - shownMax} more`)
    for (const line of notes) say(`        ${line}`)
  }
  return holds ? exitCodes.ok : exitCodes.problem
}
