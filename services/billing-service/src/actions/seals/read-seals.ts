// The chain of a tenant and the newest seal of every tenant, for keeping them elsewhere.
import type { Seal, SealHead, SealStream } from '../../core/seal.ts'
import type { Deps } from '../../deps.ts'
import type { Page } from '../../ports/store.ts'

export interface SealPage {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

const limitDefault = 20

/** A tenant's seals of one chain, newest first. Refuses `invalid_cursor`. */
export const listSeals = (
  deps: Deps,
  tenantId: string,
  stream: SealStream,
  { limit, cursor }: SealPage,
): Promise<Page<Seal>> =>
  deps.store.of(tenantId).list('seals', {
    where: { stream },
    order: { field: 'sequence', direction: 'desc' },
    limit: limit ?? limitDefault,
    cursor: cursor ?? null,
  })

/** The newest seal of every chain of the deployment, by tenant. Refuses `invalid_cursor`. */
export const newestSeals = (deps: Deps, { limit, cursor }: SealPage): Promise<Page<SealHead>> =>
  deps.store.system.list('sealHeads', { limit: limit ?? limitDefault, cursor: cursor ?? null })
