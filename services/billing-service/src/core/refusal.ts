// Refusals: what a caller may not do, as a closed list of codes. Not for faults (those are bugs or
// outages) and not for outcomes such as a card decline (those are data).

/** Every reason for which this service turns a request down. The HTTP status of each stands in the contract. */
export const refusalCodes = [
  'invalid_request',
  'invalid_amount',
  'account_number_refused',
  'amount_too_small',
  'amount_too_large',
  'currency_mismatch',
  'unknown_plan',
  'unknown_currency',
  'unknown_metric',
  'unknown_coupon',
  'invalid_period',
  'invalid_cursor',
  'invalid_timestamp',
  'invalid_signature',
  'unauthenticated',
  'payment_declined',
  'forbidden',
  'operator_only',
  'not_found',
  'tenant_required',
  'reason_required',
  'fapiao_blue_missing',
  'fapiao_reversed',
  'fapiao_number_taken',
  'too_many_keys',
  'idempotency_conflict',
  'idempotency_in_progress',
  'subscription_exists',
  'plan_required',
  'currency_locked',
  'subscription_not_active',
  'subscription_ended',
  'change_pending',
  'quote_expired',
  'quote_mismatch',
  'quote_changed',
  'quote_used',
  'quota_exceeded',
  'usage_closed',
  'coupon_expired',
  'coupon_not_applicable',
  'payment_method_required',
  'payment_method_in_use',
  'payment_method_not_usable',
  'payment_method_attached_elsewhere',
  'verification_mismatch',
  'verification_closed',
  'payment_in_progress',
  'invoice_not_draft',
  'invoice_not_open',
  'invoice_already_paid',
  'invoice_has_payments',
  'nothing_to_pay',
  'refund_exceeds_payment',
  'transaction_not_refundable',
  'transaction_not_reversible',
  'payment_disputed',
  'dispute_closed',
  'erasure_blocked',
  'approval_needs_another',
  'approval_decided',
  'approval_expired',
  'approval_outdated',
  'drift_not_open',
  'drift_remains',
  'too_many_exports',
  'period_not_over',
  'e_invoice_incomplete',
  'version_conflict',
  'already_exists',
  'body_too_large',
  'unsupported_media_type',
  'method_not_allowed',
  'rate_limited',
  'test_clock_unavailable',
  'tenant_has_records',
  'not_a_test_tenant',
  'clock_only_forward',
  'clock_moving',
  'price_not_mapped',
  'not_for_mirrored',
  'processor_refused',
  'webhook_url_refused',
  'unknown_event_type',
  'too_many_endpoints',
  'webhook_endpoint_disabled',
  'not_built_yet',
  'overloaded',
  'unavailable',
] as const

export type RefusalCode = (typeof refusalCodes)[number]

/** Facts that complete the message of a refusal; shown to the caller, so never secrets. */
export type RefusalDetails = Readonly<Record<string, string | number | boolean | null>>

/** One fault of one field of the input, as a JSON pointer and a plain sentence. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

/** Thrown by `refuse`. Caught only at a boundary, where the code becomes a status and a message. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly details: RefusalDetails
  readonly errors: readonly FieldError[]

  constructor(code: RefusalCode, details: RefusalDetails = {}, errors: readonly FieldError[] = []) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.details = details
    this.errors = errors
  }
}

/** True for a moment only: the same request may be answered otherwise right after, so this is not kept for it. */
export class PassingRefusal extends Refusal {}

/** Turns the request down. `details` complete the message in the caller's language. */
export function refuse(
  code: RefusalCode,
  details: RefusalDetails = {},
  errors: readonly FieldError[] = [],
): never {
  throw new Refusal(code, details, errors)
}
