import type { BrandingInputWire, BrandingWire } from '@quittance/billing-contract/schemas/branding'
import {
  type BrandingInput,
  brandingVersions,
  newestBranding,
  previewBranding,
  putBranding,
} from '../../actions/branding/branding-verbs.ts'
import { type Branding, issuerScope, plainTerms } from '../../core/branding.ts'
import { toIso } from '../../core/time.ts'
import { ownerOf } from '../caller.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'

const brandingToWire = (branding: Branding): BrandingWire => ({
  scope: branding.scope,
  revision: branding.revision,
  inherits: branding.inherits,
  logo: branding.logo,
  accent: branding.accent,
  footer: branding.footer,
  terms: branding.terms,
  numberLead: branding.numberLead,
  numberDigits: branding.numberDigits,
  template: branding.template,
  createdAt: toIso(branding.createdAt),
  createdBy: branding.createdBy,
})

const neverSet = (scope: string): BrandingWire => ({
  ...plainTerms,
  scope,
  revision: 0,
  inherits: scope !== issuerScope,
  createdAt: null,
  createdBy: null,
})

const blankIsNull = (text: string | null | undefined): string | null => text || null

const inputOf = (body: BrandingInputWire): BrandingInput => ({
  logo: blankIsNull(body.logo),
  accent: body.accent ?? null,
  footer: blankIsNull(body.footer),
  terms: blankIsNull(body.terms),
  numberLead: body.numberLead ?? plainTerms.numberLead,
  numberDigits: body.numberDigits ?? plainTerms.numberDigits,
  template: blankIsNull(body.template),
})

export function brandingRoutes(server: Server): void {
  const { deps } = server
  const scopeOf = (bearer: { readonly tenantId: string | null }) => bearer.tenantId ?? issuerScope
  serve(server, 'getBranding', async ({ bearer }) => {
    const scope = scopeOf(bearer)
    const newest = await newestBranding(deps, scope)
    return newest === null ? neverSet(scope) : brandingToWire(newest)
  })
  serve(server, 'putBranding', async ({ bearer, body }) => {
    const scope = scopeOf(bearer)
    const inherit = body.inherit === true && scope !== issuerScope
    const input = inherit ? 'inherit' : inputOf(body)
    return brandingToWire(await putBranding(deps, ownerOf(server, bearer), scope, input))
  })
  serve(server, 'listBrandingVersions', async ({ bearer }) => ({
    data: (await brandingVersions(deps, scopeOf(bearer))).map(brandingToWire),
  }))
  serve(server, 'previewBranding', async ({ body, reply }) => {
    const pdf = await previewBranding(deps, inputOf(body), body.lang ?? deps.settings.language)
    reply.header('content-type', 'application/pdf')
    return Buffer.from(pdf) as never
  })
}
