// Rows for the store's contract: buyers of fapiao and what took an issued one back.
import type { Customer } from '../../core/customer.ts'
import type { Fapiao, FapiaoBuyer } from '../../core/fapiao.ts'
import type { Invoice } from '../../core/invoice.ts'
import { newYear, serial } from './rows.ts'

const stamps = { createdAt: newYear, updatedAt: newYear, version: 1 }

export const fapiaoBuyerRow = ({ tenantId, id }: Customer): FapiaoBuyer => ({
  tenantId,
  id,
  type: 'general',
  title: '示例公司',
  taxNumber: null,
  address: null,
  phone: null,
  bankName: null,
  bankAccount: null,
  remarks: null,
  email: null,
  ...stamps,
})

export const fapiaoRow = ({ tenantId, id }: Invoice): Fapiao => ({
  tenantId,
  id: `cn_${serial()}`,
  kind: 'red',
  type: 'general',
  invoiceId: id,
  documentNumber: `EXAMPLE-${serial()}`,
  number: serial().padStart(20, '0'),
  blueNumber: serial().padStart(20, '0'),
  issuedOn: '2026-01-01',
  ...stamps,
})
