// What the console reads of one tenant, acting for it through the tenant header.
import { usePages, useRead } from '@quittance/billing-react/data/read'
import type { AuditRow, CreditNoteRow, EventRow, TransactionWire } from './wire.ts'

const pageSize = 50

const after = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor })

export const useTenantEvents = (tenantId: string) =>
  usePages<EventRow>(['tenant', tenantId, 'events'], (client, cursor, options) =>
    client.listEvents({ limit: pageSize, ...after(cursor) }, { ...options, tenantId }),
  )

export const useTenantAudit = (tenantId: string) =>
  usePages<AuditRow>(['tenant', tenantId, 'audit'], (client, cursor, options) =>
    client.listAuditLog({ limit: pageSize, ...after(cursor) }, { ...options, tenantId }),
  )

export const useTenantMethods = (tenantId: string) =>
  useRead(
    ['tenant', tenantId, 'methods'],
    async (client, options) =>
      (await client.listPaymentMethods({ limit: 100 }, { ...options, tenantId })).data,
  )

export const useTenantSettings = (tenantId: string) =>
  useRead(['tenant', tenantId, 'settings'], (client, options) =>
    client.getSettings({ ...options, tenantId }),
  )

/** The credit of a tenant; null while it has no billing account. */
export const useTenantCredit = (tenantId: string) =>
  useRead(['tenant', tenantId, 'credit'], (client, options) =>
    client.getCreditBalance({}, { ...options, tenantId }),
  )

export const useTenantInvoice = (tenantId: string, id: string) =>
  useRead(['tenant', tenantId, 'invoice', id], (client, options) =>
    client.getInvoice(id, { ...options, tenantId }),
  )

/** What moved for an invoice, newest first. */
export const useInvoiceMovements = (tenantId: string, invoiceId: string) =>
  useRead<readonly TransactionWire[]>(
    ['tenant', tenantId, 'movements', invoiceId],
    async (client, options) =>
      (await client.listTransactions({ invoiceId, limit: 100 }, { ...options, tenantId })).data,
  )

export const useInvoiceCredits = (tenantId: string, invoiceId: string) =>
  useRead<readonly CreditNoteRow[]>(
    ['tenant', tenantId, 'credit-notes', invoiceId],
    async (client, options) =>
      (await client.listCreditNotes({ invoiceId, limit: 100 }, { ...options, tenantId })).data,
  )

export const useTenantTransaction = (tenantId: string, id: string) =>
  useRead(['tenant', tenantId, 'transaction', id], (client, options) =>
    client.getTransaction(id, { ...options, tenantId }),
  )

/** What happened to one object, newest first. */
export const useObjectEvents = (tenantId: string, objectId: string) =>
  usePages<EventRow>(['tenant', tenantId, 'events', objectId], (client, cursor, options) =>
    client.listEvents({ objectId, limit: pageSize, ...after(cursor) }, { ...options, tenantId }),
  )
