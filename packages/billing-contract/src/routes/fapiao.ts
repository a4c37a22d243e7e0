// What is kept for China's fapiao: buyers, the numbers that the tax platform gave, and the file for issuing.
import { Type } from 'typebox'
import { route } from '../route.ts'
import {
  Fapiao,
  FapiaoBuyer,
  FapiaoBuyerInput,
  FapiaoInput,
  RedFapiaoInput,
} from '../schemas/fapiao.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const { limit, cursor, from, to } = listQuery
const tag = 'Fapiao'

export const fapiaoRoutes = {
  getFapiaoBuyer: route({
    method: 'GET',
    path: '/customers/:id/fapiao',
    tag,
    summary: 'What a billing account wants on its fapiao',
    permission: 'customers.read',
    tenant: true,
    status: 200,
    reply: FapiaoBuyer,
    refusals: ['not_found'],
  }),
  putFapiaoBuyer: route({
    method: 'PUT',
    path: '/customers/:id/fapiao',
    tag,
    summary: 'Say what a billing account wants on its fapiao; replaces what was said before',
    permission: 'customers.manage',
    tenant: true,
    printsAccount: true,
    body: FapiaoBuyerInput,
    status: 200,
    reply: FapiaoBuyer,
    refusals: ['not_found'],
  }),
  listFapiaos: route({
    method: 'GET',
    path: '/fapiaos',
    tag,
    summary: 'The fapiao that were issued, newest first; of an invoice its blue one and red ones',
    permission: 'invoices.read',
    tenant: true,
    query: Type.Object(
      { limit, cursor, from, to, invoiceId: Type.Optional(Type.String({ maxLength: 64 })) },
      strict,
    ),
    status: 200,
    reply: listOf(Fapiao),
    refusals: [],
  }),
  recordFapiao: route({
    method: 'PUT',
    path: '/invoices/:id/fapiao',
    tag,
    summary: 'Note the blue fapiao that was issued for an invoice, or put its number right',
    permission: 'invoices.manage',
    tenant: true,
    body: FapiaoInput,
    status: 200,
    reply: Fapiao,
    refusals: ['not_found', 'invoice_not_open', 'fapiao_number_taken', 'fapiao_reversed'],
  }),
  recordRedFapiao: route({
    method: 'PUT',
    path: '/credit-notes/:id/fapiao',
    tag,
    summary: 'Note the red fapiao that was issued for a credit note; it points at the blue one',
    permission: 'invoices.manage',
    tenant: true,
    body: RedFapiaoInput,
    status: 200,
    reply: Fapiao,
    refusals: ['not_found', 'fapiao_blue_missing', 'fapiao_number_taken'],
  }),
  exportFapiaoLines: route({
    method: 'GET',
    path: '/issuer/fapiao/export/:format',
    tag: 'Issuer',
    summary: 'Lines of issued documents in renminbi without a fapiao, as csv, xlsx or pdf',
    description:
      'The columns of the tax bureau’s form for issuing many at once; by from and to of the issue, or of the last whole month. Credit notes come once their invoice has its blue fapiao.',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object(
      {
        from,
        to,
        tenantId: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
        lang: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh-CN')])),
      },
      strict,
    ),
    status: 200,
    reply: null,
    media: 'text/csv',
    refusals: ['not_found', 'invalid_timestamp'],
  }),
} as const
