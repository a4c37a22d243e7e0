import { describeMover } from '../../ports/mover.contract.ts'
import { newId, now } from '../../ports/processor.contract.world.ts'
import { makeManualProcessor } from './processor.ts'

describeMover('hand', async () => {
  const rows = new Map<string, { amountMinor: number; currency: string }>()
  return {
    mover: makeManualProcessor({ recorded: async id => rows.get(id) ?? null }),
    request: async amount => ({
      transactionId: newId('txn'),
      tenantId: 'tenant_1',
      invoiceId: 'inv_1',
      amount,
      description: 'ACME-0001',
      createdAt: now,
      way: 'bank_transfer' as const,
      reference: 'ACME-0001',
      receivedAt: now,
    }),
    keep: ({ processorId, amountMinor, currency }) => {
      rows.set(processorId ?? '', { amountMinor, currency })
    },
    close: async () => undefined,
  }
})
