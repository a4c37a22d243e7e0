// Reading and changing how documents look. A change is a new version; nothing issued changes with it.
import {
  assertClosed,
  assertReadable,
  type Branding,
  type BrandingTerms,
  nextBranding,
  plainTerms,
} from '../../core/branding.ts'
import type { Caller } from '../../core/caller.ts'
import { type Changed, changedFields } from '../../core/changed.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import { exampleInvoice, exampleZhInvoice } from '../../documents/examples.ts'
import type { Language } from '../../documents/words.ts'
import type { BrandedDocument } from '../../ports/renderer.ts'
import { record } from '../record.ts'
import { brandContext } from './branding-of.ts'

export interface BrandingInput extends Omit<BrandingTerms, 'logo'> {
  /** Base64 of a PNG or SVG file. */
  readonly logo: string | null
}

/** The newest version of a scope; null where none was ever set. */
export async function newestBranding(deps: Deps, scope: string): Promise<Branding | null> {
  const { rows } = await deps.store.system.list('brandings', {
    where: { current: true, scope },
    limit: 1,
  })
  return rows[0] ?? null
}

/** All versions of a scope, newest first, at most 100. */
export async function brandingVersions(deps: Deps, scope: string): Promise<readonly Branding[]> {
  const { rows } = await deps.store.system.list('brandings', {
    where: { scope },
    order: { field: 'revision', direction: 'desc' },
    limit: 100,
  })
  return rows
}

/**
 * Stores the next version of a scope. Refuses `invalid_request` for a colour that cannot be read, a logo that
 * is no picture within the limits, and a template that reaches beyond its data or does not compile.
 */
export async function putBranding(
  deps: Deps,
  caller: Caller,
  scope: string,
  input: BrandingInput | 'inherit',
): Promise<Branding> {
  const terms = input === 'inherit' ? input : await checkedTerms(deps, input)
  if (terms !== 'inherit' && terms.template !== null) {
    await assertCompiles(deps, terms, terms.template)
  }
  return deps.store.system.transaction(async tx => {
    const { rows } = await tx.list('brandings', { where: { current: true, scope }, limit: 1 })
    const before = rows[0] ?? null
    const at = deps.clock.real()
    const next = nextBranding(before, scope, terms, { subject: caller.subject, at })
    if (before !== null) await tx.replace('brandings', { ...before, current: false })
    await tx.insert('brandings', next)
    await record(deps, tx, caller, at, [
      {
        type: 'branding.updated',
        objectId: next.id,
        data: { scope, revision: next.revision },
        changed: changedBranding(before, next),
      },
    ])
    return next
  })
}

/** A logo is told by its form and size: the version itself keeps its bytes. */
const changedBranding = (before: Branding | null, after: Branding): Changed =>
  changedFields(termsOf(before), termsOf(after), {
    hides: () => false,
    skips: () => false,
    shows: (field, value) => (field === 'logo' ? logoTold(value as Branding['logo']) : value),
  })

const logoTold = (logo: Branding['logo']) =>
  logo && { format: logo.format, bytes: Buffer.byteLength(logo.base64, 'base64') }

function termsOf(branding: Branding | null): BrandingTerms & Pick<Branding, 'inherits'> {
  const { logo, accent, footer, terms, numberLead, numberDigits, template, inherits } =
    branding ?? { ...plainTerms, inherits: false }
  return { logo, accent, footer, terms, numberLead, numberDigits, template, inherits }
}

async function checkedTerms(deps: Deps, input: BrandingInput): Promise<BrandingTerms> {
  assertReadable(input.accent)
  assertClosed(input.template)
  const logo = input.logo === null ? null : await deps.renderer.checkedLogo(input.logo)
  return { ...input, logo }
}

async function assertCompiles(deps: Deps, terms: BrandingTerms, template: string): Promise<void> {
  const tried = await deps.renderer.templatePdf(template, example(terms, 'en'))
  if ('pdf' in tried) return
  refuse('invalid_request', {}, [{ path: '/template', message: tried.failure.slice(0, 500) }])
}

function example(terms: BrandingTerms, language: Language): BrandedDocument {
  const branding = { ...terms, id: '', scope: '', revision: 0, current: true, inherits: false }
  const brand = brandContext({ ...branding, createdAt: 0, createdBy: '' })
  const look = {
    logo: brand.logo ?? null,
    accent: terms.accent,
    footer: terms.footer,
    terms: terms.terms,
  }
  const view = language === 'en' ? exampleInvoice(look) : exampleZhInvoice(look)
  return { kind: 'invoice', view }
}

/** An example invoice as these terms would print it. Refuses as `putBranding`. */
export async function previewBranding(
  deps: Deps,
  input: BrandingInput,
  language: Language,
): Promise<Uint8Array> {
  const terms = await checkedTerms(deps, input)
  const document = example(terms, language)
  if (document.kind !== 'invoice') throw new Error('the example is an invoice')
  if (terms.template === null) return deps.renderer.invoicePdf(document.view)
  const tried = await deps.renderer.templatePdf(terms.template, document)
  if ('pdf' in tried) return tried.pdf
  return refuse('invalid_request', {}, [
    { path: '/template', message: tried.failure.slice(0, 500) },
  ])
}
