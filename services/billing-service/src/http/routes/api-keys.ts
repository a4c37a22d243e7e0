import { createKey, listKeys, revokeKey, rotateKey } from '../../actions/api-keys/key-verbs.ts'
import { fromIso } from '../../core/time.ts'
import { ownerOf } from '../caller.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { apiKeyToWire, issuedKeyToWire } from '../wire/api-key.ts'

const overlapDefaultHours = 24

export function apiKeyRoutes(server: Server): void {
  const { deps } = server
  const now = () => deps.clock.real()
  serve(server, 'listApiKeys', async ({ bearer, query }) => {
    const page = await listKeys(deps, ownerOf(server, bearer).tenantId, listInput(query))
    return pageToWire(page, key => apiKeyToWire(key, now()))
  })
  serve(server, 'createApiKey', async ({ bearer, body }) => {
    const { name, role, expiresAt } = body
    const until = expiresAt === undefined ? null : fromIso(expiresAt, '/expiresAt')
    const input = { name, role: role ?? 'service', expiresAt: until } as const
    return issuedKeyToWire(await createKey(deps, ownerOf(server, bearer), input), now())
  })
  serve(server, 'rotateApiKey', async ({ bearer, params, body }) => {
    const hours = body.overlapHours ?? overlapDefaultHours
    return issuedKeyToWire(await rotateKey(deps, ownerOf(server, bearer), params.id, hours), now())
  })
  serve(server, 'revokeApiKey', async ({ bearer, params }) => {
    await revokeKey(deps, ownerOf(server, bearer), params.id)
    return undefined
  })
}
