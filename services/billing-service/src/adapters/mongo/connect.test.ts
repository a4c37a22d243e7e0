import { expect, test } from 'vitest'
import { StartupProblem } from '../../ports/startup.ts'
import { assertTransactions, type Connection, translated } from './connect.ts'

/** A server as it introduces itself. */
const server = (hello: object): Connection =>
  ({
    client: { db: () => ({ command: async () => hello }) },
    databaseName: 'billing',
  }) as unknown as Connection

test('a member of a replica set and a router are let in', async () => {
  await assertTransactions(server({ setName: 'rs0' }))
  await assertTransactions(server({ msg: 'isdbgrid' }))
})

test('a standalone server is refused with the two commands that make it a replica set of one', async () => {
  const refused = await assertTransactions(server({ isWritablePrimary: true })).catch(e => e)
  expect(refused).toBeInstanceOf(StartupProblem)
  expect(refused.message).toContain('mongod --replSet rs0')
  expect(refused.message).toContain('mongosh --eval "rs.initiate()"')
})

test('a duplicate key names the violated key, also where only the message tells the index', () => {
  const error = (more: object) => Object.assign(new Error('E11000'), { code: 11_000, ...more })
  const named = translated(error({ keyPattern: { tenantId: 1, renewalKey: 1 } }))
  expect(named).toMatchObject({ code: 'already_exists', details: { constraint: 'renewalKey' } })
  const message =
    'E11000 duplicate key error collection: billing.quittance.plans index: code_version_key dup key'
  const told = translated(error({ message }))
  expect(told).toMatchObject({ details: { constraint: 'code,version' } })
  expect(translated(error({}), 'race')).toMatchObject({ name: 'LostRace' })
})
