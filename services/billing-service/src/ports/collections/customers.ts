// Payers: the tenant, its billing accounts, their payment methods.
import type { Customer } from '../../core/customer.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { Tenant } from '../../core/tenant.ts'
import { declare, stamps } from './declare.ts'

export const customersCollections = {
  tenants: declare<Tenant>({
    scope: 'tenant',
    table: 'tenants',
    fields: {
      tenantId: 'text',
      id: 'text',
      kind: 'text',
      clockAt: 'instant?',
      settings: 'json',
      defaultCustomerId: 'text',
      numberPrefix: 'text?',
      ...stamps,
    },
    key: ['id'],
    indexes: [['createdAt', 'id']],
    systemIndexes: [['createdAt', 'id']],
  }),
  customers: declare<Customer>({
    scope: 'tenant',
    table: 'customers',
    fields: {
      tenantId: 'text',
      id: 'text',
      name: 'text?',
      email: 'text?',
      invoiceEmails: 'json',
      phone: 'text?',
      address: 'json?',
      taxIds: 'json',
      taxExempt: 'boolean',
      purchaseOrder: 'text?',
      language: 'text?',
      zone: 'text?',
      isDefault: 'boolean',
      defaultPaymentMethodId: 'text?',
      processorId: 'text?',
      metadata: 'json',
      ...stamps,
    },
    key: ['id'],
    unique: [['processorId']],
    indexes: [['createdAt', 'id'], ['isDefault']],
    systemIndexes: [['processorId']],
  }),
  paymentMethods: declare<PaymentMethod>({
    scope: 'tenant',
    table: 'payment_methods',
    fields: {
      tenantId: 'text',
      id: 'text',
      customerId: 'text',
      type: 'text',
      card: 'json?',
      bankAccount: 'json?',
      billingDetails: 'json',
      status: 'text',
      fingerprint: 'text?',
      processorId: 'text',
      detachedAt: 'instant?',
      ...stamps,
    },
    key: ['id'],
    unique: [['processorId']],
    indexes: [
      ['createdAt', 'id'],
      ['customerId', 'createdAt', 'id'],
      ['status', 'createdAt', 'id'],
    ],
    systemIndexes: [['processorId'], ['status', 'createdAt', 'tenantId', 'id']],
    references: { customerId: 'customers' },
  }),
} as const
