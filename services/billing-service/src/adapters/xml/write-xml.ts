// A tree of elements as XML. What a document says, and in which order, is not decided here.
import { XMLBuilder } from 'fast-xml-parser'
import type { Element } from '../../documents/e-invoice.ts'

const builder = new XMLBuilder({
  ignoreAttributes: false,
  format: true,
  suppressEmptyNode: true,
})

/** UTF-8 with its declaration; elements that are undefined are left out. */
export const writeXml = (root: Element): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(present(root))}`

function present(element: Element): Element {
  const kept = Object.entries(element).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept.map(([name, value]) => [name, presentValue(value)]))
}

function presentValue(value: Element[string]): Element[string] {
  if (value === undefined || typeof value === 'string') return value
  return Array.isArray(value) ? value.map(present) : present(value as Element)
}
