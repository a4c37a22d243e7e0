// The one error that the client throws. Not a retry policy: see send.ts.
import type { ContractRefusalCode } from '@quittance/billing-contract/refusals'
import type { ProblemWire } from '@quittance/billing-contract/schemas/values'

/** Failures that no server named: nothing was reached, it took too long, or something else answered. */
export type TransportCode = 'network_error' | 'timeout' | 'unexpected_answer'

/** The known codes, for completion in editors; a newer server may send others. */
export type BillingErrorCode = ContractRefusalCode | TransportCode | (string & {})

export interface FieldProblem {
  readonly path: string
  readonly message: string
}

/**
 * A call that did not succeed. `code` is stable and meant for programs; `detail` is a sentence in the
 * caller's language and may be shown to people. `status` is 0 when no answer arrived.
 */
export class BillingError extends Error {
  override readonly name = 'BillingError'
  readonly status: number
  readonly code: BillingErrorCode
  readonly detail: string
  /** What is wrong with which field, on 400. */
  readonly errors: readonly FieldProblem[]
  /** Quote it when asking for help; null when no answer arrived. */
  readonly requestId: string | null
  /** Why the card or bank refused, on 402. */
  readonly declineCode: string | null
  /** What the payer can do about it. */
  readonly advice: string | null
  /** The whole problem document, with members of its code (`refundable`, `subscriptionId` ...). */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(status: number, problem: Partial<ProblemWire>, options?: { cause?: unknown }) {
    const detail = problem.detail ?? `The server answered ${status}.`
    super(detail, options)
    this.status = status
    this.code = problem.code ?? 'unexpected_answer'
    this.detail = detail
    this.errors = problem.errors ?? []
    this.requestId = problem.requestId ?? null
    this.declineCode = problem.declineCode ?? null
    this.advice = problem.advice ?? null
    this.problem = { ...problem }
  }
}

/** Reads an answer that is no success: problem+json where our servers speak, anything elsewhere. */
export async function errorFromAnswer(answer: Response): Promise<BillingError> {
  const requestId = answer.headers.get('x-request-id')
  const text = await answer.text().catch(() => '')
  try {
    const problem: unknown = JSON.parse(text)
    if (typeof problem === 'object' && problem !== null && 'code' in problem) {
      return new BillingError(answer.status, {
        ...(requestId === null ? {} : { requestId }),
        ...(problem as Partial<ProblemWire>),
      })
    }
  } catch {
    // A proxy's own page: its text would help nobody, its status does.
  }
  return new BillingError(answer.status, requestId === null ? {} : { requestId })
}
