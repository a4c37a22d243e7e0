// A document in its issuer's own layout. A layout that fails gives way to the house's, and the operator is told.
import type { Branding } from '../../core/branding.ts'
import type { Deps } from '../../deps.ts'
import type { BrandedDocument } from '../../ports/renderer.ts'
import { giveNotice } from '../notices/give-notice.ts'

/** The PDF; never fails for the sake of a template. */
export async function renderBranded(
  deps: Deps,
  tenantId: string,
  branding: Branding | null,
  document: BrandedDocument,
): Promise<Uint8Array> {
  if (branding?.template) {
    const tried = await deps.renderer.templatePdf(branding.template, document)
    if ('pdf' in tried) return tried.pdf
    await tell(deps, tenantId, branding, tried.failure)
  }
  if (document.kind === 'invoice') return deps.renderer.invoicePdf(document.view)
  if (document.kind === 'credit_note') return deps.renderer.creditNotePdf(document.view)
  return deps.renderer.receiptPdf(document.view)
}

/** Once for each version and tenant, as an event and a warning in the log. */
async function tell(deps: Deps, tenantId: string, { id }: Branding, reason: string): Promise<void> {
  deps.log.warn(
    { tenantId, brandingId: id, reason },
    'the template failed; the plain layout stood in',
  )
  const at = deps.clock.real()
  await giveNotice(
    deps,
    tenantId,
    {
      id: `template:${id}`,
      type: 'branding.template_failed',
      objectId: id,
      data: { reason: reason.slice(0, 500) },
    },
    at,
  )
}
