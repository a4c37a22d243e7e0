import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { closeWithin } from './close-within.ts'

async function started() {
  const app = Fastify({ forceCloseConnections: 'idle' })
  closeWithin(app, 60_000)
  let answer: (body: string) => void = () => undefined
  let arrive: () => void = () => undefined
  const arrived = new Promise<void>(resolve => (arrive = resolve))
  app.get('/', () => {
    arrive()
    return new Promise(resolve => (answer = resolve))
  })
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  return { app, arrived, port: Number(port), answer: (body: string) => answer(body) }
}

const closed = (socket: Socket) =>
  new Promise(resolve =>
    socket
      .on('error', () => undefined)
      .once('close', resolve)
      .resume(),
  )

it('20 connections over which nothing was ever asked do not hold up the end', async () => {
  const { app, port } = await started()
  const unused = Array.from({ length: 20 }, () => connect(port, '127.0.0.1'))
  await Promise.all(unused.map(socket => once(socket, 'connect')))
  const ended = Promise.all(unused.map(closed))
  await app.close()
  expect(await ended).toHaveLength(20)
})

it('a request under way is answered before the end', async () => {
  const { app, arrived, port, answer } = await started()
  const asked = fetch(`http://127.0.0.1:${port}/`)
  await arrived
  const closed = app.close()
  answer('done')
  expect(await (await asked).text()).toBe('done')
  await closed
})
