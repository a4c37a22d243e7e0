// Invoices and credit notes.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Invoice } from '../schemas/invoice.ts'
import { Transaction } from '../schemas/transaction.ts'
import {
  AmountInput,
  Currency,
  listOf,
  Metadata,
  Nullable,
  TaxBehavior,
  Time,
} from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const UnitAmount = Type.Union([Type.Number(), Type.String({ maxLength: 30 })], {
  description: 'Price of one unit in the major unit; as a string up to 12 decimals',
})

const lineItem = Type.Object(
  {
    description: Type.String({ minLength: 1, maxLength: 500 }),
    quantity: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.String({ maxLength: 30 })]),
    unitAmount: UnitAmount,
    taxRate: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'Percent' })),
    taxBehavior: Type.Optional(TaxBehavior),
  },
  strict,
)

const verb = <const P extends string>(path: P, summary: string) =>
  ({
    method: 'POST',
    path,
    tag: 'Invoices',
    summary,
    permission: 'invoices.manage',
    tenant: true,
    status: 200,
    reply: Invoice,
  }) as const

export const invoiceRoutes = {
  listInvoices: route({
    method: 'GET',
    path: '/invoices',
    tag: 'Invoices',
    summary: 'The invoices of a tenant',
    permission: 'invoices.read',
    tenant: true,
    query: Type.Object(
      { ...listQuery, subscriptionId: Type.Optional(Type.String({ maxLength: 64 })) },
      strict,
    ),
    status: 200,
    reply: listOf(Invoice),
    refusals: ['invalid_cursor'],
  }),
  getInvoice: route({
    method: 'GET',
    path: '/invoices/:id',
    tag: 'Invoices',
    summary: 'One invoice with its lines',
    permission: 'invoices.read',
    tenant: true,
    status: 200,
    reply: Invoice,
    refusals: ['not_found'],
  }),
  createInvoice: route({
    method: 'POST',
    path: '/invoices',
    tag: 'Invoices',
    summary: 'Issue an invoice by hand',
    permission: 'invoices.manage',
    tenant: true,
    body: Type.Object(
      {
        customerId: Type.Optional(Type.String({ maxLength: 64 })),
        currency: Type.Optional(Currency),
        lineItems: Type.Array(lineItem, { minItems: 1, maxItems: 500 }),
        dueDate: Type.Optional(Time),
        autoFinalize: Type.Optional(Type.Boolean({ description: 'Default true' })),
        collection: Type.Optional(
          Type.Union([Type.Literal('automatic'), Type.Literal('manual')], {
            description: 'Default manual: waits for /pay',
          }),
        ),
        metadata: Type.Optional(Metadata),
      },
      strict,
    ),
    status: 201,
    reply: Invoice,
    refusals: ['invalid_amount', 'unknown_currency', 'not_found'],
  }),
  payInvoice: route({
    method: 'POST',
    path: '/invoices/:id/pay',
    tag: 'Invoices',
    summary: 'Pay what is due with a payment method',
    permission: 'invoices.pay',
    tenant: true,
    body: Type.Object({ paymentMethodId: Type.Optional(Type.String({ maxLength: 128 })) }, strict),
    status: 200,
    reply: Invoice,
    refusals: [
      'payment_method_not_usable',
      'nothing_to_pay',
      'not_for_mirrored',
      'processor_refused',
      'not_found',
      'payment_declined',
      'payment_in_progress',
      'payment_method_required',
      'invoice_already_paid',
      'invoice_not_open',
    ],
  }),
  recordPayment: route({
    method: 'POST',
    path: '/invoices/:id/payments',
    tag: 'Invoices',
    summary: 'Record money that came by bank transfer, cheque or cash',
    description:
      'A part, all of it, or more: what is more than the invoice owes becomes customer credit.',
    permission: 'invoices.manage',
    tenant: true,
    body: Type.Object(
      {
        amount: AmountInput,
        method: Type.Union([
          Type.Literal('bank_transfer'),
          Type.Literal('cheque'),
          Type.Literal('cash'),
          Type.Literal('other'),
        ]),
        reference: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
        receivedAt: Type.Optional(Time),
      },
      strict,
    ),
    status: 201,
    reply: Transaction,
    refusals: [
      'not_found',
      'invalid_amount',
      'invoice_already_paid',
      'invoice_not_open',
      'payment_in_progress',
    ],
  }),
  finalizeInvoice: route({
    ...verb('/invoices/:id/finalize', 'Give a draft its number and make it due'),
    refusals: ['not_found', 'invoice_not_draft'],
  }),
  voidInvoice: route({
    ...verb('/invoices/:id/void', 'Withdraw an open invoice'),
    refusals: [
      'not_found',
      'invoice_not_open',
      'invoice_already_paid',
      'invoice_has_payments',
      'payment_in_progress',
      'not_for_mirrored',
    ],
  }),
  writeOffInvoice: route({
    ...verb('/invoices/:id/uncollectible', 'Give an open invoice up as bad debt'),
    mayWait: true,
    refusals: [
      'not_for_mirrored',
      'not_found',
      'invoice_not_open',
      'invoice_already_paid',
      'payment_in_progress',
      'change_pending',
    ],
  }),
  sendInvoice: route({
    ...verb('/invoices/:id/send', 'Mail the invoice with its PDF to the billing contacts'),
    refusals: ['not_found', 'invoice_not_open', 'invalid_request'],
  }),
  checkoutInvoice: route({
    method: 'POST',
    path: '/invoices/:id/checkout',
    tag: 'Invoices',
    summary: 'A hosted page to pay the invoice by card or wallet',
    permission: 'invoices.pay',
    tenant: true,
    body: Type.Object({}),
    status: 200,
    reply: Type.Object({ url: Type.String(), expiresAt: Time }),
    refusals: [
      'amount_too_small',
      'amount_too_large',
      'not_for_mirrored',
      'not_found',
      'payment_in_progress',
      'invoice_already_paid',
      'invoice_not_open',
      'nothing_to_pay',
    ],
  }),
  deleteInvoice: route({
    method: 'DELETE',
    path: '/invoices/:id',
    tag: 'Invoices',
    summary: 'Delete a draft',
    permission: 'invoices.manage',
    tenant: true,
    status: 204,
    reply: null,
    refusals: ['not_found', 'invoice_not_draft'],
  }),
  getInvoicePdf: route({
    method: 'GET',
    path: '/invoices/:id/pdf',
    tag: 'Invoices',
    summary: 'The invoice as PDF, named by its number',
    permission: 'invoices.read',
    tenant: true,
    query: Type.Object(
      { lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh-CN')])) },
      strict,
    ),
    status: 200,
    reply: null,
    media: 'application/pdf',
    refusals: ['not_found'],
  }),
  getInvoiceUbl: route({
    method: 'GET',
    path: '/invoices/:id/ubl',
    tag: 'Invoices',
    summary: 'The invoice as UBL 2.1 after EN 16931',
    permission: 'invoices.read',
    tenant: true,
    status: 200,
    reply: null,
    media: 'application/xml',
    refusals: ['not_found', 'invoice_not_open', 'e_invoice_incomplete'],
  }),
} as const
