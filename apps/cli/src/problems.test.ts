import { createServer } from 'node:net'
import { BillingError } from '@quittance/billing-client/error'
import { expect, it } from 'vitest'
import { Problem, UsageProblem } from './command.ts'
import { stopInOrder } from './lifetime.ts'
import { assertFree } from './ports.ts'
import { sentenceOf } from './problems.ts'

const listening = async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0 }
}

it('gives each problem its one sentence, and none to a fault', () => {
  const startup = Object.assign(new Error('Set DATA_DIR.'), { name: 'StartupProblem' })
  expect(sentenceOf(startup)).toBe('Set DATA_DIR.')
  expect(sentenceOf(new Problem('No.'))).toBe('No.')
  expect(sentenceOf(new UsageProblem('What?'))).toBe('What?')
  const declined = { detail: 'Declined.', code: 'payment_declined', requestId: 'req_1' }
  expect(sentenceOf(new BillingError(402, declined))).toBe(
    'Declined. [payment_declined] (request req_1)',
  )
  expect(sentenceOf(new TypeError('x is not a function'))).toBeNull()
})

it('names the port that is taken, before and while listening', async () => {
  const { server, port } = await listening()
  await expect(assertFree(port, 'GATEWAY_PORT')).rejects.toThrow(
    `Port ${port} is taken: stop what listens there, or set GATEWAY_PORT.`,
  )
  const second = createServer()
  const error = await new Promise<unknown>(resolve => {
    second.once('error', resolve)
    second.listen(port, '127.0.0.1')
  })
  expect(sentenceOf(error)).toContain(`Port ${port} is taken`)
  await new Promise(resolve => server.close(resolve))
  await assertFree(port, 'GATEWAY_PORT')
  await assertFree(0, 'GATEWAY_PORT')
})

it('stops the 3 parts in order, although the second one fails', async () => {
  const seen: string[] = []
  const reports: string[] = []
  const part = (name: string, fails = false) => ({
    name,
    stop: async () => {
      seen.push(name)
      if (fails) throw new Error('stuck')
    },
  })
  const parts = [part('gateway'), part('service', true), part('database')]
  expect(await stopInOrder(parts, text => reports.push(text))).toBe(false)
  expect(seen).toEqual(['gateway', 'service', 'database'])
  expect(reports).toEqual(['service did not stop in order: stuck'])
})
