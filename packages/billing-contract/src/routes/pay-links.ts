// Paying without signing in: whoever holds a link to an invoice sees what is owed and pays it. The link is the
// permission, so these operations take no token.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { PayLinkView } from '../schemas/pay-link.ts'
import { SetupIntent } from '../schemas/payment-method.ts'
import { PaymentResult } from '../schemas/subscription.ts'
import { Nullable, Time } from '../schemas/values.ts'
import { strict } from './list-query.ts'

const held = <const P extends string>(path: P, summary: string) =>
  ({
    path,
    tag: 'Pay links',
    summary,
    description: 'The link is the permission; a link that is wrong, old or forged is a plain 404.',
    permission: null,
    tenant: false,
    status: 200,
  }) as const

const refusedHere = [
  'not_found',
  'rate_limited',
  'invoice_already_paid',
  'invoice_not_open',
  'nothing_to_pay',
] as const

export const payLinkRoutes = {
  createPayLink: route({
    method: 'POST',
    path: '/invoices/:id/pay-link',
    tag: 'Pay links',
    summary: 'A signed link to pay this invoice without signing in',
    permission: 'invoices.pay',
    tenant: true,
    body: Type.Object(
      {
        purpose: Type.Optional(
          Type.Union([Type.Literal('pay'), Type.Literal('fix')], {
            description: 'fix: the method given pays from then on',
          }),
        ),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
      },
      strict,
    ),
    status: 201,
    reply: Type.Object({ url: Type.String(), expiresAt: Time }),
    refusals: ['not_found', 'invoice_already_paid', 'invoice_not_open', 'nothing_to_pay'],
  }),
  viewPayLink: route({
    ...held('/public/pay/:token', 'What is owed, and why the last try failed'),
    method: 'GET',
    reply: PayLinkView,
    refusals: ['not_found', 'rate_limited'],
  }),
  setupByPayLink: route({
    ...held('/public/pay/:token/setup-intent', 'Prepare the form for another method'),
    method: 'POST',
    body: Type.Object(
      { type: Type.Optional(Type.Union([Type.Literal('card'), Type.Literal('bank_account')])) },
      strict,
    ),
    reply: SetupIntent,
    refusals: refusedHere,
  }),
  payByPayLink: route({
    ...held('/public/pay/:token/pay', 'Pay at once, with a new method or the one there is'),
    method: 'POST',
    body: Type.Object(
      {
        paymentMethodId: Type.Optional(
          Type.String({ minLength: 4, maxLength: 128, pattern: '^pm_' }),
        ),
        setDefault: Type.Optional(
          Type.Boolean({
            description: 'With a link to fix: whether the method pays from then on; default true',
          }),
        ),
      },
      strict,
    ),
    reply: Type.Object({ status: Type.String(), payment: Nullable(PaymentResult) }),
    refusals: [
      ...refusedHere,
      'payment_declined',
      'payment_in_progress',
      'payment_method_required',
      'payment_method_attached_elsewhere',
    ],
  }),
  checkoutByPayLink: route({
    ...held('/public/pay/:token/checkout', 'A hosted page to pay by card or wallet'),
    method: 'POST',
    body: Type.Object({}, strict),
    reply: Type.Object({ url: Type.String(), expiresAt: Time }),
    refusals: [...refusedHere, 'payment_in_progress', 'amount_too_small', 'amount_too_large'],
  }),
} as const
