// Disputes: opened by test values or by a test, answered with evidence, won or lost. Bank returns
// after success and early fraud warnings live here too.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { emit } from '../events.ts'
import { refusal } from '../failures.ts'
import type { FormRecord } from '../form.ts'
import { bankBehind, cardBehind } from '../instruments.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { disputeFee } from '../money.ts'
import { boolean, mergedMetadata, onlyKnown, record, text } from '../params.ts'
import { find, idOf, need, newest, newestWhere, newId, patch, save, type Work } from '../state.ts'
import { post } from './balance.ts'

const answerWithinSeconds = 9 * 86_400

/** The pieces of evidence that are plain text; the sandbox stores no files. */
const textEvidence = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const satisfies readonly (keyof Stripe.Dispute.Evidence)[]

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}

type Kind = {
  reason: string
  status: Stripe.Dispute.Status
  caseType: 'chargeback' | 'inquiry'
  /** Is the money taken at once? An inquiry takes none. */
  withdraws: boolean
}

function kindOf(work: Work, charge: Stripe.Charge, reason: string | undefined): Kind {
  const methodId = charge.payment_method ?? ''
  const chargeback = { caseType: 'chargeback', withdraws: true } as const
  if (charge.payment_method_details?.type === 'us_bank_account') {
    // A returned debit cannot be contested: it is lost the moment it is known.
    return { reason: reason ?? 'insufficient_funds', status: 'lost', ...chargeback }
  }
  const card = find(work, 'payment_method', methodId) ? cardBehind(work, methodId) : undefined
  if (reason === undefined && card?.dispute === 'inquiry') {
    return {
      reason: 'general',
      status: 'warning_needs_response',
      caseType: 'inquiry',
      withdraws: false,
    }
  }
  const byCard = card?.dispute === 'product_not_received' ? 'product_not_received' : 'fraudulent'
  return { reason: reason ?? byCard, status: 'needs_response', ...chargeback }
}

function withdraw(work: Work, dispute: Stripe.Dispute): Stripe.Dispute {
  const transaction = post(work, {
    amount: -dispute.amount,
    currency: dispute.currency,
    fee: disputeFee(dispute.currency),
    feeDescription: 'Dispute fee',
    type: 'adjustment',
    reportingCategory: 'dispute',
    source: dispute.id,
    description: `Chargeback withdrawal for ${idOf(dispute.charge)}`,
    availableAtOnce: true,
  })
  return patch(work, 'dispute', dispute.id, {
    balance_transactions: [...dispute.balance_transactions, transaction],
  })
}

function cardDispute(charge: Stripe.Charge, kind: Kind): Partial<Stripe.Dispute> {
  const card = charge.payment_method_details?.card
  if (!card) return {}
  const brand = card.brand ?? 'visa'
  return {
    network_reason_code: kind.reason === 'fraudulent' ? '10.4' : '13.1',
    payment_method_details: {
      type: 'card',
      card: {
        brand,
        case_type: kind.caseType,
        network: card.network ?? brand,
        network_reason_code: kind.reason === 'fraudulent' ? '10.4' : '13.1',
      },
    },
  }
}

/** A card's bank has seen what was given back; a debit is returned whole, whatever came after it. */
function disputable(charge: Stripe.Charge): number {
  const debit = charge.payment_method_details?.type === 'us_bank_account'
  return charge.amount_captured - (debit ? 0 : charge.amount_refunded)
}

/**
 * Opens a dispute about a captured charge: the amount and the dispute fee leave the balance, except
 * for an inquiry. `reason` overrides what the charge's test value says.
 */
export function openDispute(work: Work, chargeId: string, reason?: string): Stripe.Dispute {
  const charge = need(work, 'charge', chargeId)
  if (charge.disputed || charge.status !== 'succeeded') {
    throw refusal(`Charge ${chargeId} cannot be disputed.`, { code: 'charge_disputed' })
  }
  const left = disputable(charge)
  if (left === 0) {
    throw refusal(`Charge ${chargeId} was given back already.`, { code: 'charge_already_refunded' })
  }
  const kind = kindOf(work, charge, reason)
  const contestable = kind.status !== 'lost'
  const opened = save(work, 'dispute', {
    id: newId('du'),
    object: 'dispute',
    amount: left,
    balance_transactions: [],
    charge: chargeId,
    created: work.at,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: contestable ? work.at + answerWithinSeconds : null,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: kind.caseType === 'inquiry',
    livemode: false,
    metadata: {},
    payment_intent: idOf(charge.payment_intent),
    reason: kind.reason,
    status: kind.status,
    ...cardDispute(charge, kind),
  })
  patch(work, 'charge', chargeId, { disputed: kind.caseType === 'chargeback' })
  const dispute = kind.withdraws ? withdraw(work, opened) : opened
  emit(work, 'charge.dispute.created', dispute)
  if (kind.withdraws) emit(work, 'charge.dispute.funds_withdrawn', dispute)
  if (!contestable) emit(work, 'charge.dispute.closed', dispute)
  return dispute
}

const open: readonly Stripe.Dispute.Status[] = [
  'needs_response',
  'under_review',
  'warning_needs_response',
  'warning_under_review',
]

/** Ends a dispute. Won: the amount returns to the balance, the dispute fee does not. */
export function closeDispute(work: Work, id: string, outcome: 'won' | 'lost'): Stripe.Dispute {
  const before = need(work, 'dispute', id)
  if (!open.includes(before.status)) {
    throw refusal(`This dispute is already closed (${before.status}).`, {
      code: 'status_transition_invalid',
    })
  }
  const inquiry = before.status.startsWith('warning_')
  const closed = patch(work, 'dispute', id, {
    is_charge_refundable: inquiry || outcome === 'won',
    status: inquiry ? 'warning_closed' : outcome,
  })
  const dispute = outcome === 'won' && !inquiry ? reinstate(work, closed) : closed
  emit(work, 'charge.dispute.closed', dispute)
  return dispute
}

function reinstate(work: Work, dispute: Stripe.Dispute): Stripe.Dispute {
  const transaction = post(work, {
    amount: dispute.amount,
    currency: dispute.currency,
    type: 'adjustment',
    reportingCategory: 'dispute_reversal',
    source: dispute.id,
    description: `Chargeback reversal for ${idOf(dispute.charge)}`,
    availableAtOnce: true,
  })
  const after = patch(work, 'dispute', dispute.id, {
    balance_transactions: [...dispute.balance_transactions, transaction],
  })
  patch(work, 'charge', idOf(dispute.charge), { disputed: false })
  emit(work, 'charge.dispute.funds_reinstated', after)
  return after
}

/** The dispute or warning that the test value of a charge promised has come. */
export function openPromisedDispute(work: Work, chargeId: string): void {
  const charge = find(work, 'charge', chargeId)
  if (!charge?.payment_method || charge.disputed) return
  if (cardBehind(work, charge.payment_method)?.earlyFraudWarning) {
    warnOfFraud(work, charge)
    return
  }
  if (charge.refunded && !bankBehind(work, charge.payment_method)) return
  openDispute(work, chargeId)
}

function warnOfFraud(work: Work, charge: Stripe.Charge): void {
  const warning = save(work, 'early_fraud_warning', {
    id: newId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.refunded,
    charge: charge.id,
    created: work.at,
    fraud_type: 'misc',
    livemode: false,
    ...(charge.payment_intent ? { payment_intent: idOf(charge.payment_intent) } : {}),
  })
  emit(work, 'radar.early_fraud_warning.created', warning)
}

/** A charge that was given back in full leaves nothing to do about its warning. */
export function easeWarning(work: Work, chargeId: string): void {
  const before = newestWhere(
    work,
    'early_fraud_warning',
    row => row.actionable && row.charge === chargeId,
  )
  if (!before) return
  const warning = patch(work, 'early_fraud_warning', before.id, { actionable: false })
  emit(work, 'radar.early_fraud_warning.updated', warning, before)
}

function evidenceFrom(params: FormRecord, before: Stripe.Dispute.Evidence) {
  const given = record(params, 'evidence')
  if (!given) return undefined
  onlyKnown(given, textEvidence, 'evidence')
  const texts = textEvidence.flatMap(name => {
    const value = text(given, name, `evidence[${name}]`)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...before, ...Object.fromEntries(texts) }
}

/**
 * Adds evidence and, unless `submit` is false, sends it. The evidence `winning_evidence` and
 * `losing_evidence` in `uncategorized_text` decide at once; any other stays under review.
 */
function updateDispute({ work, params, id }: Call): Stripe.Dispute {
  onlyKnown(params, ['evidence', 'metadata', 'submit'])
  const before = need(work, 'dispute', id)
  const evidence = evidenceFrom(params, before.evidence)
  if (evidence && !open.includes(before.status)) {
    throw refusal('This dispute is closed and takes no more evidence.', {
      code: 'status_transition_invalid',
    })
  }
  const submits = evidence !== undefined && (boolean(params, 'submit') ?? true)
  const underReview = before.status.startsWith('warning_')
    ? ('warning_under_review' as const)
    : ('under_review' as const)
  const dispute = patch(work, 'dispute', id, {
    evidence: evidence ?? before.evidence,
    evidence_details: {
      ...before.evidence_details,
      has_evidence: before.evidence_details.has_evidence || evidence !== undefined,
      submission_count: before.evidence_details.submission_count + (submits ? 1 : 0),
      submission_method: submits ? 'manual' : before.evidence_details.submission_method,
    },
    metadata: mergedMetadata(params, before.metadata),
    status: submits ? underReview : before.status,
  })
  emit(work, 'charge.dispute.updated', dispute, before)
  const decisive = submits ? evidence.uncategorized_text : null
  if (decisive === 'winning_evidence') return closeDispute(work, id, 'won')
  return decisive === 'losing_evidence' ? closeDispute(work, id, 'lost') : dispute
}

function listDisputes({ work, params }: Call) {
  const inTime = timeFilter(params)
  const [charge, intent] = [text(params, 'charge'), text(params, 'payment_intent')]
  const rows = where(
    newest(work, 'dispute'),
    row =>
      inTime(row.created) &&
      (charge === undefined || row.charge === charge) &&
      (intent === undefined || row.payment_intent === intent),
  )
  return listPage(params, '/v1/disputes', rows, ['charge', 'created', 'payment_intent'])
}

const warnings = '/v1/radar/early_fraud_warnings'

export const disputeRoutes: Route[] = [
  { method: 'GET', path: '/v1/disputes', answer: listDisputes },
  { method: 'GET', path: '/v1/disputes/:id', answer: ({ work, id }) => need(work, 'dispute', id) },
  { method: 'POST', path: '/v1/disputes/:id', answer: updateDispute },
  {
    method: 'POST',
    path: '/v1/disputes/:id/close',
    answer: ({ work, params, id }) => {
      onlyKnown(params, [])
      return closeDispute(work, id, 'lost')
    },
  },
  {
    method: 'GET',
    path: warnings,
    answer: ({ work, params }) => {
      const charge = text(params, 'charge')
      const rows = where(
        newest(work, 'early_fraud_warning'),
        row => charge === undefined || row.charge === charge,
      )
      return listPage(params, warnings, rows, ['charge', 'created', 'payment_intent'])
    },
  },
  {
    method: 'GET',
    path: `${warnings}/:id`,
    answer: ({ work, id }) => need(work, 'early_fraud_warning', id),
  },
]
