import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from './free-port.ts'

it('is below the ports that the system hands out, and can be listened on', async () => {
  for (let round = 0; round < 20; round += 1) {
    const port = await freePort()
    expect(port).toBeGreaterThanOrEqual(10_000)
    expect(port).toBeLessThan(32_768)
    const server = createServer()
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
    await new Promise(resolve => server.close(resolve))
  }
})
