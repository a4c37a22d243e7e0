// Whose a key is, asked with every call that carries one. By its hash, so nothing is compared letter by letter.
import { type ApiKey, isUseNews, stateOfKey } from '../../core/api-key.ts'
import type { Deps } from '../../deps.ts'

/** The key in force that this secret is; null for every other. Its use is noted once in five minutes. */
export async function findKey(deps: Deps, secret: string): Promise<ApiKey | null> {
  const { rows } = await deps.store.system.list('apiKeys', {
    where: { secretHash: deps.hash(secret) },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1,
  })
  const [key] = rows
  const now = deps.clock.real()
  if (key === undefined || stateOfKey(key, now) !== 'active') return null
  if (isUseNews(key, now)) await noteUse(deps, key, now)
  return key
}

async function noteUse(deps: Deps, { tenantId, id }: ApiKey, now: number): Promise<void> {
  await deps.store.transaction(tenantId, async tx => {
    const current = await tx.lock('apiKeys', id)
    if (isUseNews(current, now)) await tx.replace('apiKeys', { ...current, lastUsedAt: now })
  })
}
