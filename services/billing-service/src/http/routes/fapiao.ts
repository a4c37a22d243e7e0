import type {
  FapiaoBuyerInputWire,
  FapiaoBuyerWire,
  FapiaoWire,
} from '@quittance/billing-contract/schemas/fapiao'
import { exportFapiaoLines } from '../../actions/fapiao/export-fapiao-lines.ts'
import {
  fapiaoBuyer,
  listFapiaos,
  putFapiaoBuyer,
  recordBlueFapiao,
  recordRedFapiao,
} from '../../actions/fapiao/fapiao-verbs.ts'
import type { Fapiao, FapiaoBuyer, FapiaoTerms } from '../../core/fapiao.ts'
import { toIso } from '../../core/time.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { sendFile } from '../send-file.ts'
import { serve, serveFile } from '../serve.ts'
import type { Server } from '../server.ts'

const buyerToWire = (customerId: string, buyer: FapiaoBuyer | null): FapiaoBuyerWire => ({
  customerId,
  type: buyer?.type ?? 'general',
  title: buyer?.title ?? null,
  taxNumber: buyer?.taxNumber ?? null,
  address: buyer?.address ?? null,
  phone: buyer?.phone ?? null,
  bankName: buyer?.bankName ?? null,
  bankAccount: buyer?.bankAccount ?? null,
  remarks: buyer?.remarks ?? null,
  email: buyer?.email ?? null,
  updatedAt: buyer === null ? null : toIso(buyer.updatedAt),
})

const fapiaoToWire = (fapiao: Fapiao): FapiaoWire => ({
  documentId: fapiao.id,
  documentNumber: fapiao.documentNumber,
  invoiceId: fapiao.invoiceId,
  kind: fapiao.kind,
  type: fapiao.type,
  number: fapiao.number,
  blueNumber: fapiao.blueNumber,
  issuedOn: fapiao.issuedOn,
  createdAt: toIso(fapiao.createdAt),
  updatedAt: toIso(fapiao.updatedAt),
})

const termsOf = (body: FapiaoBuyerInputWire): FapiaoTerms => ({
  type: body.type,
  title: body.title,
  taxNumber: body.taxNumber || null,
  address: body.address || null,
  phone: body.phone || null,
  bankName: body.bankName || null,
  bankAccount: body.bankAccount || null,
  remarks: body.remarks || null,
  email: body.email || null,
})

export function fapiaoRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'getFapiaoBuyer', async ({ caller, params }) =>
    buyerToWire(params.id, await fapiaoBuyer(deps, caller, params.id)),
  )
  serve(server, 'putFapiaoBuyer', async ({ caller, params, body }) =>
    buyerToWire(params.id, await putFapiaoBuyer(deps, caller, params.id, termsOf(body))),
  )
  serve(server, 'listFapiaos', async ({ caller, query }) =>
    pageToWire(
      await listFapiaos(deps, caller.tenantId, query.invoiceId, listInput(query)),
      fapiaoToWire,
    ),
  )
  serve(server, 'recordFapiao', async ({ caller, params, body }) =>
    fapiaoToWire(await recordBlueFapiao(deps, caller, params.id, body)),
  )
  serve(server, 'recordRedFapiao', async ({ caller, params, body }) =>
    fapiaoToWire(await recordRedFapiao(deps, caller, params.id, body)),
  )
  serveFile(server, 'exportFapiaoLines', async ({ bearer, params, query, reply }) => {
    const { from, to } = listInput(query)
    const file = await exportFapiaoLines(deps, params.format, {
      from,
      to,
      tenantId: query.tenantId,
      language: query.lang ?? bearer.language,
    })
    return sendFile(reply, file)
  })
}
