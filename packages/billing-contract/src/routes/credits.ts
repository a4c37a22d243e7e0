// What is owed back: credit notes and the credit balance.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { CreditBalance, CreditNote } from '../schemas/credit.ts'
import { Transaction } from '../schemas/transaction.ts'
import { AmountInput, Currency, listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const reason = Type.String({ minLength: 1, maxLength: 500 })

const creditedLine = Type.Object(
  {
    lineId: Type.String({ maxLength: 64 }),
    amount: Type.Optional(AmountInput),
    quantity: Type.Optional(
      Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.String({ maxLength: 30 })]),
    ),
  },
  {
    ...strict,
    description:
      'An amount after discounts and before tax, or a quantity of the line; neither: all that is left',
  },
)

export const creditRoutes = {
  createCreditNote: route({
    method: 'POST',
    path: '/invoices/:id/credit-notes',
    tag: 'Credit notes',
    summary: 'Credit an issued invoice: by lines, by amount, or all that is left',
    description:
      'First lowers what the invoice still owes. Only the rest goes back: `refund` to the payer, `credit` to the credit balance; what is not said goes to the balance. Each line takes its own remaining tax with it, so that all notes of an invoice equal it.',
    permission: 'credits.manage',
    tenant: true,
    body: Type.Object(
      {
        lines: Type.Optional(Type.Array(creditedLine, { minItems: 1, maxItems: 500 })),
        amount: Type.Optional(AmountInput),
        reason: Type.Optional(reason),
        refund: Type.Optional(AmountInput),
        credit: Type.Optional(AmountInput),
      },
      strict,
    ),
    status: 201,
    reply: CreditNote,
    mayWait: true,
    refusals: [
      'not_found',
      'invalid_amount',
      'invoice_not_open',
      'payment_in_progress',
      'refund_exceeds_payment',
      'transaction_not_refundable',
      'payment_disputed',
      'operator_only',
    ],
  }),
  listCreditNotes: route({
    method: 'GET',
    path: '/credit-notes',
    tag: 'Credit notes',
    summary: 'The credit notes of a tenant',
    permission: 'invoices.read',
    tenant: true,
    query: Type.Object(
      {
        limit: listQuery.limit,
        cursor: listQuery.cursor,
        from: listQuery.from,
        to: listQuery.to,
        customerId: listQuery.customerId,
        invoiceId: Type.Optional(Type.String({ maxLength: 64 })),
      },
      strict,
    ),
    status: 200,
    reply: listOf(CreditNote),
    refusals: ['invalid_cursor'],
  }),
  getCreditNote: route({
    method: 'GET',
    path: '/credit-notes/:id',
    tag: 'Credit notes',
    summary: 'One credit note with its lines',
    permission: 'invoices.read',
    tenant: true,
    status: 200,
    reply: CreditNote,
    refusals: ['not_found'],
  }),
  getCreditNotePdf: route({
    method: 'GET',
    path: '/credit-notes/:id/pdf',
    tag: 'Credit notes',
    summary: 'The credit note as PDF, named by its number',
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
  getCreditNoteUbl: route({
    method: 'GET',
    path: '/credit-notes/:id/ubl',
    tag: 'Credit notes',
    summary: 'The credit note as UBL 2.1 after EN 16931',
    permission: 'invoices.read',
    tenant: true,
    status: 200,
    reply: null,
    media: 'application/xml',
    refusals: ['not_found', 'e_invoice_incomplete'],
  }),
  getCreditBalance: route({
    method: 'GET',
    path: '/credit-balance',
    tag: 'Credit balance',
    summary: 'What a customer has in credit, by currency, and how it came and went',
    permission: 'invoices.read',
    tenant: true,
    query: Type.Object({ customerId: listQuery.customerId }, strict),
    status: 200,
    reply: CreditBalance,
    refusals: ['not_found'],
  }),
  adjustCreditBalance: route({
    method: 'POST',
    path: '/credit-balance',
    tag: 'Credit balance',
    summary: 'Give credit, or take it back with a negative amount',
    description:
      'Answers the adjustment among the transactions; its amount has the opposite sign, because credit lowers what is owed.',
    permission: 'credits.manage',
    tenant: true,
    body: Type.Object(
      {
        amount: AmountInput,
        currency: Type.Optional(Currency),
        reason,
        customerId: listQuery.customerId,
      },
      strict,
    ),
    status: 201,
    reply: Transaction,
    mayWait: true,
    refusals: ['invalid_amount', 'unknown_currency', 'not_found'],
  }),
} as const
