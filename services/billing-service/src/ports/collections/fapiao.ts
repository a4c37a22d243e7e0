// What is kept for China's fapiao.
import type { Fapiao, FapiaoBuyer } from '../../core/fapiao.ts'
import { declare, stamps } from './declare.ts'

export const fapiaoCollections = {
  fapiaoBuyers: declare<FapiaoBuyer>({
    scope: 'tenant',
    table: 'fapiao_buyers',
    fields: {
      tenantId: 'text',
      id: 'text',
      type: 'text',
      title: 'text',
      taxNumber: 'text?',
      address: 'text?',
      phone: 'text?',
      bankName: 'text?',
      bankAccount: 'text?',
      remarks: 'text?',
      email: 'text?',
      ...stamps,
    },
    key: ['id'],
    references: { id: 'customers' },
    removable: [
      'title',
      'taxNumber',
      'address',
      'phone',
      'bankName',
      'bankAccount',
      'remarks',
      'email',
    ],
  }),
  fapiaos: declare<Fapiao>({
    scope: 'tenant',
    table: 'fapiaos',
    fields: {
      tenantId: 'text',
      id: 'text',
      kind: 'text',
      type: 'text',
      invoiceId: 'text',
      documentNumber: 'text',
      number: 'text',
      blueNumber: 'text?',
      issuedOn: 'text',
      ...stamps,
    },
    key: ['id'],
    unique: [['number']],
    indexes: [
      ['createdAt', 'id'],
      ['invoiceId', 'createdAt', 'id'],
    ],
    references: { invoiceId: 'invoices' },
  }),
} as const
