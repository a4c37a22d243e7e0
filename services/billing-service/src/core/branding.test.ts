import { expect, test } from 'vitest'
import {
  assertClosed,
  assertReadable,
  brandingFor,
  contrastOnPaper,
  documentNumber,
  nextBranding,
  plainTerms,
} from './branding.ts'

const by = { subject: 'ada', at: 0 }

test('a tenant has its own branding, else the issuer’s, and goes back to it', () => {
  const issuer = nextBranding(null, '*', plainTerms, by)
  const own = nextBranding(null, 'acme', { ...plainTerms, accent: '#0F6B5C' }, by)
  const back = nextBranding(own, 'acme', 'inherit', by)
  expect([issuer.id, own.id, back.id]).toEqual(['1@*', '1@acme', '2@acme'])
  expect(brandingFor('acme', [])).toBeNull()
  expect(brandingFor('acme', [issuer])).toBe(issuer)
  expect(brandingFor('acme', [issuer, own])).toBe(own)
  expect(brandingFor('acme', [issuer, back])).toBe(issuer)
})

test('numbers: ABC123-0007 plainly, INV-ABC123-000007 with a lead and 6 digits', () => {
  expect(documentNumber('ABC123', 7, null)).toBe('ABC123-0007')
  const numbering = { numberLead: 'INV-', numberDigits: 6 }
  expect(documentNumber('ABC123', 7, numbering)).toBe('INV-ABC123-000007')
})

test('black has a contrast of 21 to paper; yellow is refused, the house’s green is not', () => {
  expect(contrastOnPaper('#000000')).toBeCloseTo(21)
  expect(() => assertReadable('#FFE000')).toThrow()
  expect(() => assertReadable('#0F6B5C')).not.toThrow()
})

test.each([
  '#import "@preview/cetz:0.1.0": *',
  '#{ import("x" + sys.inputs.document) }',
  'text\n#include "/etc/passwd"',
  '#eval("im" + "port \\"@preview/x:0.1.0\\"")',
  '#let p = std.eval',
  '#plugin("x.wasm")',
  '/* import */',
])('a template with %o reaches beyond its data', template => {
  expect(() => assertClosed(template)).toThrow()
})

test('important, included and evaluation are words like others', () => {
  expect(() => assertClosed('Important: tax included. #let evaluation = 1')).not.toThrow()
})
