// Which series a document takes its number from: the tenant's own, or the one of the deployment.
import { documentNumber } from '../../core/branding.ts'
import { localDate } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { SeriesScope, TenantTransaction } from '../../ports/store.ts'
import type { brandingOf } from '../branding/branding-of.ts'
import type { Entered } from '../enter.ts'

const prefixTriesMax = 20
/** The name of the deployment's series; a tenant's prefix is never as short. */
const issuerName = 'INV'

export interface DocumentSeries {
  readonly id: string
  readonly scope: SeriesScope
}

/** The tenant's number prefix: assigned at its first finalisation, unique in the deployment, never reused. */
async function numberPrefix(
  deps: Deps,
  tx: TenantTransaction,
  { tenant: { tenantId, numberPrefix: known }, now }: Pick<Entered, 'tenant' | 'now'>,
): Promise<string> {
  if (known !== null) return known
  const tenant = await tx.lock('tenants', tenantId)
  if (tenant.numberPrefix !== null) return tenant.numberPrefix
  for (let tries = 0; tries < prefixTriesMax; tries += 1) {
    const prefix = deps.ids.numberPrefix()
    const row = { id: prefix, owner: tenantId, createdAt: now }
    const written = await tx.insertMany('numberPrefixes', [row], { onConflict: 'skip' })
    if (written === 0) continue
    await tx.replace('tenants', { ...tenant, numberPrefix: prefix, updatedAt: now })
    return prefix
  }
  throw new Error(`no free number prefix in ${prefixTriesMax} tries`)
}

/**
 * The series of a document that is issued now. Test tenants always number for themselves: what they try out
 * leaves no trace in the issuer's books. With a yearly reset a series is of the local year of its issue.
 */
export async function documentSeries(
  deps: Deps,
  tx: TenantTransaction,
  entered: Entered,
  kind: 'invoice' | 'credit_note',
): Promise<DocumentSeries> {
  const { series, reset } = deps.numbering
  const shared = series === 'issuer' && entered.tenant.kind === 'live'
  const prefix = shared ? issuerName : await numberPrefix(deps, tx, entered)
  const zone = shared ? deps.settings.zone : entered.settings.zone
  const year = reset === 'yearly' ? localDate(entered.at, zone).slice(0, 4) : ''
  const id = `${prefix}${year}${kind === 'credit_note' ? '-CN' : ''}`
  return { id, scope: shared ? 'issuer' : 'tenant' }
}

/** Takes the next number of a series, as it is printed. It comes back if the transaction does not commit. */
export async function takeDocumentNumber(
  tx: TenantTransaction,
  { id, scope }: DocumentSeries,
  branding: Awaited<ReturnType<typeof brandingOf>>,
): Promise<string> {
  const taken = await tx.takeNumbers({ [id]: 1 }, scope)
  return documentNumber(id, taken[id]!, branding)
}
