// One database server for a whole run: each world gets a database of its own, copied from a prepared one.
import { startTestServer } from './store/server.ts'

export async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer()
  process.env.WORLD_SERVER = server.ownerUrl
  return () => {
    delete process.env.WORLD_SERVER
    return server.stop()
  }
}
