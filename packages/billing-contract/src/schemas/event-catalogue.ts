// What happens to a tenant's records and is told to webhook endpoints: every type of event with what its
// `data` carries. A pair in `data` is what was before and what is now.
import { type Static, type TSchema, Type } from 'typebox'

const Text = Type.String()
const Count = Type.Integer()
const Minor = Type.Integer({ description: 'Minor units of the currency' })
const Flag = Type.Boolean()
const Any = Type.Unknown()

/** Members of `data` by name: the same name means the same everywhere. */
const members: Readonly<Record<string, TSchema>> = {
  advice: Any,
  amountMinor: Minor,
  billedBy: Text,
  blueNumber: Any,
  cancelAtPeriodEnd: Flag,
  changesAt: Any,
  code: Text,
  country: Text,
  creditNoteId: Any,
  currency: Text,
  declineCode: Any,
  differenceMinor: Minor,
  documentNumber: Text,
  driftId: Text,
  erased: Type.Record(Text, Count),
  expiresAt: Text,
  failureCode: Any,
  fapiaoNumber: Text,
  fapiaoType: Text,
  field: Text,
  fields: Type.Array(Text),
  graceEndsAt: Any,
  heir: Any,
  hint: Text,
  invoiceId: Any,
  invoiceNumber: Any,
  kind: Text,
  methodType: Any,
  name: Text,
  note: Any,
  offSession: Any,
  owedMinor: Minor,
  paymentId: Text,
  planCode: Any,
  processorId: Text,
  purpose: Text,
  quantity: Any,
  reason: Any,
  replaces: Text,
  resolution: Text,
  retryAt: Any,
  role: Text,
  status: Any,
  threshold: Any,
  totalMinor: Minor,
  triesMade: Count,
  url: Text,
}

interface EventEntry {
  readonly says: string
  readonly data: TSchema
}

const entry = (says: string, ...names: readonly string[]): EventEntry => ({
  says,
  data: Type.Object(Object.fromEntries(names.map(name => [name, Type.Optional(members[name]!)])), {
    additionalProperties: true,
  }),
})

const subscription = (says: string) => entry(says, 'status', 'planCode', 'quantity', 'reason')

const approval = (says: string) => entry(says, 'kind', 'amountMinor', 'currency')

/** Every type of event. New ones are added, and none changes its meaning. */
export const eventCatalogue: Readonly<Record<string, EventEntry>> = {
  'api_key.created': entry('A key for machines was made', 'name', 'role', 'hint'),
  'api_key.revoked': entry('A key for machines was ended', 'name', 'role', 'hint'),
  'api_key.rotated': entry('A key for machines was replaced', 'name', 'role', 'hint', 'replaces'),
  'approval.approved': approval('A second person agreed, and it was carried out'),
  'approval.declined': approval('What waited for a second person was turned down'),
  'approval.expired': approval('Nobody agreed in time'),
  'approval.refused': approval('It was agreed to, but could not be carried out as things are'),
  'approval.requested': approval('Money to be given away by hand waits for a second person'),
  'branding.template_failed': entry(
    'A document was laid out by the house’s own template',
    'reason',
  ),
  'branding.updated': entry('Logo, colours or templates of documents changed'),
  'coupon.created': entry('A coupon was put on offer', 'code'),
  'coupon.updated': entry('A coupon was changed or taken off the offer', 'code'),
  'credit.adjusted': entry(
    'The credit balance was changed by hand',
    'amountMinor',
    'currency',
    'reason',
  ),
  'credit_note.issued': entry('A credit note was issued', 'invoiceId', 'totalMinor', 'currency'),
  'customer.linked': entry('A customer has its counterpart at the processor', 'processorId'),
  'customer.tax_decided': entry('How a customer is taxed was decided', 'reason'),
  'customer.updated': entry('A customer was changed', 'fields'),
  'discount.attached': entry('A coupon was redeemed'),
  'discount.ended': entry('A discount has given all it had'),
  'discount.removed': entry('A discount was taken off'),
  'dispute.closed': entry('A dispute is over', 'status', 'amountMinor', 'currency'),
  'dispute.created': entry('A payer disputes a payment', 'status', 'amountMinor', 'currency'),
  'dispute.evidence_sent': entry('Evidence was sent to the processor'),
  'dispute.lost': entry('A dispute was lost', 'status', 'amountMinor', 'currency'),
  'dispute.updated': entry('A dispute has moved on', 'status', 'amountMinor', 'currency'),
  'dispute.won': entry('A dispute was won', 'status', 'amountMinor', 'currency'),
  'drift.found': entry('Our record and the processor’s differ', 'driftId', 'field'),
  'drift.resolved': entry('A difference was dealt with', 'driftId', 'field', 'resolution', 'note'),
  'dunning.scheduled': entry(
    'A charge failed and will be tried again, or not',
    'retryAt',
    'triesMade',
    'declineCode',
    'reason',
    'graceEndsAt',
  ),
  'export.requested': entry('Somebody asked for a file of the tenant’s records'),
  'fapiao.buyer_updated': entry(
    'What a buyer wants on its fapiao was said',
    'fields',
    'fapiaoType',
  ),
  'fapiao.recorded': entry(
    'The number of an issued fapiao was noted',
    'kind',
    'fapiaoType',
    'fapiaoNumber',
    'documentNumber',
    'blueNumber',
    'replaces',
  ),
  'invoice.deleted': entry('A draft was deleted'),
  'invoice.drafted': entry('An invoice is being made up', 'totalMinor', 'currency'),
  'invoice.issued': entry(
    'An invoice has its number and is owed',
    'invoiceNumber',
    'totalMinor',
    'currency',
  ),
  'invoice.link_made': entry('A link to pay an invoice was made', 'purpose', 'expiresAt'),
  'invoice.overdue': entry('An invoice is past its due date'),
  'invoice.paid': entry('An invoice is paid in full', 'invoiceNumber'),
  'invoice.sent': entry('An invoice was mailed on request'),
  'invoice.not_chargeable': entry('What is left of an invoice cannot be charged in its currency'),
  'invoice.too_large_to_charge': entry('An invoice is above what can be charged at once'),
  'invoice.voided': entry('An invoice is no longer owed', 'reason'),
  'invoice.written_off': entry('An invoice was given up as lost', 'owedMinor'),
  'monitor.alert': entry('Failures, refunds or disputes of all tenants pass a threshold', 'name'),
  'payment.canceled': entry(
    'An attempt to pay was called off',
    'invoiceId',
    'amountMinor',
    'currency',
  ),
  'payment.checkout_opened': entry(
    'A page to pay on was opened',
    'invoiceId',
    'amountMinor',
    'currency',
  ),
  'payment.failed': entry(
    'An attempt to pay failed',
    'invoiceId',
    'amountMinor',
    'currency',
    'failureCode',
    'declineCode',
    'offSession',
    'methodType',
  ),
  'payment.processing': entry('A bank debit is under way', 'invoiceId', 'amountMinor', 'currency'),
  'payment.requires_action': entry(
    'The payer’s bank asks the payer',
    'invoiceId',
    'amountMinor',
    'currency',
  ),
  'payment.reversed': entry(
    'A payment received outside was reversed',
    'invoiceId',
    'amountMinor',
    'reason',
  ),
  'payment.succeeded': entry('Money arrived', 'invoiceId', 'amountMinor', 'currency'),
  'payment_method.added': entry('A payment method was added', 'status'),
  'payment_method.expiring': entry('A card expires soon'),
  'payment_method.made_default': entry('A method pays from now on'),
  'payment_method.removed': entry('A payment method was removed', 'heir'),
  'payment_method.updated': entry('A payment method was changed', 'status'),
  'plan.added': entry('A plan was put on offer', 'planCode'),
  'plan.changed': entry('A plan has a new version', 'planCode'),
  'plan.retired': entry('A plan was taken off the offer', 'planCode'),
  'promotion_code.created': entry('A coupon has a further code', 'code'),
  'promotion_code.updated': entry('A promotion code was changed or taken off the offer', 'code'),
  'refund.created': entry(
    'A refund was asked for',
    'paymentId',
    'amountMinor',
    'reason',
    'creditNoteId',
  ),
  'refund.failed': entry('A refund failed', 'paymentId', 'amountMinor'),
  'refund.succeeded': entry('A refund went out', 'paymentId', 'amountMinor'),
  'reminder.renewal_due': entry('A subscription renews soon'),
  'reminder.trial_ending': entry('A trial ends soon'),
  'settings.updated': entry('The tenant’s settings were changed'),
  'subscription.active': subscription('A subscription is in force'),
  'subscription.cancel_requested': subscription('A subscription ends at the end of its period'),
  'subscription.canceled': subscription('A subscription has ended'),
  'subscription.change_dropped': subscription('A change of plan that was not paid for was dropped'),
  'subscription.change_taken_back': subscription(
    'A change of plan was undone: its debit came back',
  ),
  'subscription.changed': subscription('Plan, seats or terms changed, or will'),
  'subscription.collection_changed': subscription('Collecting was paused or taken up again'),
  'subscription.created': subscription('A subscription was made'),
  'subscription.granted': subscription('A bank debit grants access before it clears'),
  'subscription.incomplete_expired': subscription('A subscription was never paid for'),
  'subscription.ordered': subscription('A subscription was ordered at Stripe'),
  'subscription.past_due': subscription('A renewal is not paid yet'),
  'subscription.pause_requested': subscription('A subscription pauses at the end of its period'),
  'subscription.pause_taken_back': subscription('A pause that was asked for will not come'),
  'subscription.paused': subscription('A subscription is paused'),
  'subscription.reactivated': subscription('An end that was asked for was taken back'),
  'subscription.renewed': subscription('A period began'),
  'subscription.resume_requested': subscription('A subscription is to be in force again'),
  'subscription.trial_end_requested': subscription('A trial is to end now'),
  'subscription.trial_ended': subscription('A trial is over'),
  'subscription.unpaid': subscription('Dunning has ended without money'),
  'tax_rate.created': entry('A rate was put into the table of tax rates', 'country'),
  'tax_rate.ended': entry('A tax rate ends', 'country'),
  'test_clock.set': entry('The clock of a test tenant was set'),
  'tenant.erased': entry(
    'Personal data of a tenant were erased: of how many rows, by collection',
    'erased',
  ),
  'usage.threshold_reached': entry('Usage passed a threshold', 'threshold'),
  'webhook_endpoint.created': entry('A webhook endpoint was added', 'url'),
  'webhook_endpoint.deleted': entry('A webhook endpoint was deleted', 'url'),
  'webhook_endpoint.disabled': entry('A webhook endpoint is delivered to no more', 'url', 'reason'),
  'webhook_endpoint.enabled': entry('A webhook endpoint is delivered to again', 'url'),
  'webhook_endpoint.secret_rotated': entry(
    'A webhook endpoint has a new secret',
    'url',
    'expiresAt',
  ),
  'webhook_endpoint.updated': entry('A webhook endpoint was changed', 'url', 'fields'),
}

/** What an endpoint is sent, and what the SDK's `verifyWebhook` answers. */
export const WebhookMessage = Type.Object({
  id: Type.String({
    description: 'Of the event; equal to the header `webhook-id`, also when sent again',
  }),
  type: Type.String({ description: 'One of GET /webhook-endpoints/events' }),
  timestamp: Type.String({ format: 'date-time', description: 'When it was recorded' }),
  occurredAt: Type.String({
    format: 'date-time',
    description: 'Billing time: of a test clock, if there is one',
  }),
  tenantId: Type.Union([Type.String(), Type.Null()], {
    description: 'Null: it belongs to no tenant',
  }),
  objectId: Type.String({ description: 'What it happened to; read it for what is so now' }),
  data: Type.Record(Type.String(), Type.Unknown()),
})

export type WebhookMessageWire = Static<typeof WebhookMessage>

/** Whether a filter of an endpoint (`*`, `invoice.*`, `invoice.paid`) can ever match. */
export const isEventFilter = (filter: string): boolean =>
  filter === '*' ||
  Object.hasOwn(eventCatalogue, filter) ||
  (filter.endsWith('.*') &&
    Object.keys(eventCatalogue).some(type => type.startsWith(filter.slice(0, -1))))
