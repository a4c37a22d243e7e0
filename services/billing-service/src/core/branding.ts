// How an issuer's documents look, for all tenants or for one: logo, accent, footer, terms, numbering and a
// template of its own. Every change is a new version; a document keeps the one it was issued under.
import { refuse } from './refusal.ts'
import type { Instant } from './time.ts'

/** The scope of what holds for every tenant without a branding of its own. */
export const issuerScope = '*'

export interface BrandingLogo {
  readonly format: 'png' | 'svg'
  readonly base64: string
}

export interface BrandingTerms {
  readonly logo: BrandingLogo | null
  /** `#RRGGBB`; null is the house's own. */
  readonly accent: string | null
  /** A line at the foot of every page. */
  readonly footer: string | null
  /** Printed below the figures of invoices. */
  readonly terms: string | null
  /** Before the series in document numbers: `INV-` gives `INV-ABC123-0001`. */
  readonly numberLead: string
  readonly numberDigits: number
  /** Typst source of a layout; null is the house's own. */
  readonly template: string | null
}

export interface Branding extends BrandingTerms {
  /** `<revision>@<scope>`. */
  readonly id: string
  /** A tenant, or `issuerScope`. */
  readonly scope: string
  readonly revision: number
  /** Whether it is the newest of its scope. */
  readonly current: boolean
  /** A tenant's version that goes back to the issuer's. */
  readonly inherits: boolean
  readonly createdAt: Instant
  readonly createdBy: string
}

export const plainTerms: BrandingTerms = {
  logo: null,
  accent: null,
  footer: null,
  terms: null,
  numberLead: '',
  numberDigits: 4,
  template: null,
}

/** The next version of a scope. */
export function nextBranding(
  before: Branding | null,
  scope: string,
  terms: BrandingTerms | 'inherit',
  by: { readonly subject: string; readonly at: Instant },
): Branding {
  const revision = (before?.revision ?? 0) + 1
  return {
    ...(terms === 'inherit' ? plainTerms : terms),
    id: `${revision}@${scope}`,
    scope,
    revision,
    current: true,
    inherits: terms === 'inherit',
    createdAt: by.at,
    createdBy: by.subject,
  }
}

/** The one in force for a tenant among the newest of its scope and the issuer's; null is the plain one. */
export function brandingFor(tenantId: string, newest: readonly Branding[]): Branding | null {
  const own = newest.find(each => each.scope === tenantId)
  if (own !== undefined && !own.inherits) return own
  return newest.find(each => each.scope === issuerScope) ?? null
}

/** The number of a document as it is printed: `INV-ABC123-0001`. The series makes it unique. */
export function documentNumber(
  series: string,
  n: number,
  branding: Pick<BrandingTerms, 'numberLead' | 'numberDigits'> | null,
): string {
  const { numberLead, numberDigits } = branding ?? plainTerms
  return `${numberLead}${series}-${String(n).padStart(numberDigits, '0')}`
}

const contrastMin = 4.5

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map(at => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

/** Contrast of a colour to white paper, from 1 to 21 (WCAG 2.2, 1.4.3). */
export const contrastOnPaper = (color: string): number => 1.05 / (luminance(color) + 0.05)

/** Refuses `invalid_request` for a colour that cannot be read on white: the accent writes the link to pay. */
export function assertReadable(accent: string | null): void {
  if (accent === null) return
  const contrast = contrastOnPaper(accent)
  if (contrast >= contrastMin) return
  const message = `has a contrast of ${contrast.toFixed(1)} to white paper, but needs at least ${contrastMin}`
  refuse('invalid_request', {}, [{ path: '/accent', message }])
}

/**
 * Words by which a template reaches beyond its data: other files, packages from the network, code made at run
 * time, foreign machine code. A template is one file and needs none of them, so they are refused wherever they
 * stand, also in comments and texts.
 */
const reaching = /(?<![\p{L}\p{N}_-])(import|include|eval|plugin)(?![\p{L}\p{N}_-])/u

/** Refuses `invalid_request` for a template that reaches beyond its data. */
export function assertClosed(template: string | null): void {
  const found = template === null ? null : reaching.exec(template)
  if (!found) return
  const line = template!.slice(0, found.index).split('\n').length
  const message = `line ${line}: "${found[1]}" is not allowed; a template is one file and reads its data alone`
  refuse('invalid_request', {}, [{ path: '/template', message }])
}
