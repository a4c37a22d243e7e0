// The refusal that gateway and kit throw, and how any refusal is recognised. Not the service's own
// class: both are told by their name and shape, so that the layers need not import each other.

import type { ContractRefusalCode } from '@quittance/billing-contract/refusals'

/**
 * Facts that complete a message; shown to the caller, so never secrets. `reasonZh` is the Chinese
 * wording of `reason`, and so for every name.
 */
export type RefusalDetails = Readonly<Record<string, string | number | boolean | null>>

/** One fault of one field, as a JSON pointer and a plain sentence (`messageZh` in Chinese). */
export interface FieldError {
  readonly path: string
  readonly message: string
  readonly messageZh?: string
}

/** What every refusal looks like, whoever threw it. */
export interface RefusalLike {
  readonly name: 'Refusal'
  readonly code: string
  readonly details?: RefusalDetails
  readonly errors?: readonly FieldError[]
}

/** A request turned down before it reaches a rule of billing: token, role header, size, rate. */
export class HttpRefusal extends Error implements RefusalLike {
  override readonly name = 'Refusal'
  readonly code: ContractRefusalCode
  readonly details: RefusalDetails
  readonly errors: readonly FieldError[]

  constructor(
    code: ContractRefusalCode,
    details: RefusalDetails = {},
    errors: readonly FieldError[] = [],
  ) {
    super(code)
    this.code = code
    this.details = details
    this.errors = errors
  }
}

/** Turns the request down. `details` complete the message in the caller's language. */
export function refuseRequest(
  code: ContractRefusalCode,
  details: RefusalDetails = {},
  errors: readonly FieldError[] = [],
): never {
  throw new HttpRefusal(code, details, errors)
}

/** Whether an error is a refusal, thrown here or by the service's core. */
export function isRefusal(error: unknown): error is RefusalLike {
  return (
    error instanceof Error &&
    error.name === 'Refusal' &&
    typeof (error as Error & { code?: unknown }).code === 'string'
  )
}
