// A document as it stands on paper: every string final, every block in its place. What a renderer lays
// out. It knows neither amounts nor languages, so no template can write a figure differently.

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral'

export interface Labelled {
  readonly label: string
  readonly value: string
}

export interface PrintedParty {
  readonly label: string
  readonly name: string
  readonly lines: readonly string[]
}

/** The one amount that matters, above the lines. Absent when nothing is due. */
export interface PrintedBand {
  readonly amount: string
  readonly words: string
  readonly link: { readonly label: string; readonly url: string } | null
  readonly codeAlt: string
}

export interface PrintedColumn {
  readonly label: string
  readonly align: 'left' | 'right'
  /** Millimetres; null takes what is left. */
  readonly widthMm: number | null
}

export interface PrintedRow {
  readonly cells: readonly string[]
  /** Small lines under the first cell, such as the period. */
  readonly notes: readonly string[]
  /** Rows of an inset table under the first cell: range, quantity, unit price, amount. */
  readonly tiers: readonly (readonly string[])[]
}

export interface PrintedTotal {
  readonly label: string
  readonly value: string
  readonly weight: 'plain' | 'quiet' | 'strong' | 'due'
}

export interface PrintedSection {
  readonly heading: string | null
  readonly pairs: readonly Labelled[]
  readonly paragraphs: readonly string[]
}

export interface PrintedDocument {
  /** ISO 639 and 3166, in lower case. */
  readonly lang: string
  readonly region: string
  readonly paper: 'a4' | 'us-letter'
  /** Title of the window, and author of the file. */
  readonly title: string
  readonly author: string
  /** `#RRGGBB`; null is the house's own. */
  readonly accent: string | null
  /** Seconds since 1970. */
  readonly createdAtSeconds: number
  readonly heading: string
  readonly subheading: string | null
  readonly state: { readonly word: string; readonly tone: Tone } | null
  /** A void document is crossed by a hairline and its number struck through. */
  readonly crossed: boolean
  readonly issuerName: string
  readonly logoAlt: string
  readonly parties: readonly PrintedParty[]
  /** The first is the number. */
  readonly facts: readonly Labelled[]
  readonly band: PrintedBand | null
  readonly columns: readonly PrintedColumn[]
  readonly rows: readonly PrintedRow[]
  readonly totals: readonly PrintedTotal[]
  /** Beside the totals: the amount in words, how to pay. */
  readonly beside: readonly PrintedSection[]
  readonly sections: readonly PrintedSection[]
  readonly footer: PrintedFooter
}

export interface PrintedFooter {
  readonly left: string
  /** The issuer's own line. */
  readonly note: string | null
  readonly zone: string
  /** Said on every page of drafts and test documents. */
  readonly warning: string | null
  /** Head of every page but the first. */
  readonly running: string
  /** With the places `{page}` and `{pages}`. */
  readonly pages: string
}
