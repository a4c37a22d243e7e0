import { expect, it } from 'vitest'
import { openMemoryStore } from '../memory/store.ts'
import { tracedStore } from './traced.ts'

it('a traced store hands its streams on as they are, and puts a span around what is a call', async () => {
  const spans: string[] = []
  const store = tracedStore(openMemoryStore(), 'memory', (name, _, call) => {
    spans.push(name)
    return call()
  })
  const order = { field: 'createdAt', direction: 'asc' } as const
  const reads = store.of('t')
  for await (const _ of reads.stream('invoices', { order })) expect.unreachable()
  for await (const _ of reads.streamFields('invoices', ['id'], { order })) expect.unreachable()
  expect(await reads.count('invoices', {})).toBe(0)
  expect(spans).toEqual(['count invoices'])
})
