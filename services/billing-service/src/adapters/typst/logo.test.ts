import { expect, test } from 'vitest'
import { logoFrom } from './logo.ts'

const encoded = (text: string): string => Buffer.from(text).toString('base64')
const cleaned = (svg: string): string =>
  Buffer.from(logoFrom(encoded(svg)).base64, 'base64').toString()

test('a drawing stays a drawing: gradients, clips and their references inside', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 16"><defs><linearGradient id="g">' +
    '<stop offset="0" stop-color="#0F6B5C" /></linearGradient></defs>' +
    '<path d="M0 0h48v16z" fill="url(#g)" /></svg>'
  expect(cleaned(svg)).toBe(svg)
})

test.each([
  ['<script>alert(1)</script>', 'script'],
  ['<image href="https://x.example/a.png"/>', 'image'],
  ['<image href="file:///etc/passwd"/>', 'passwd'],
  ['<use href="other.svg#a"/>', 'use'],
  ['<foreignObject><p>x</p></foreignObject>', 'foreignObject'],
  ['<style>@import url(https://x.example)</style>', 'import'],
  ['<path d="M0 0" onload="alert(1)"/>', 'onload'],
  ['<path d="M0 0" fill="url(https://x.example#a)"/>', 'x.example'],
  ['<a href="javascript:alert(1)"><path d="M0 0"/></a>', 'javascript'],
])('%s is taken out', (inside, gone) => {
  const doctype = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
  const svg = `${doctype}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">${inside}</svg>`
  expect(cleaned(svg)).toMatch(/^<svg/)
  expect(cleaned(svg)).not.toContain(gone)
  expect(cleaned(svg)).not.toContain('ENTITY')
})

function png(width: number, height: number, size = 64): string {
  const bytes = Buffer.alloc(size)
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(bytes)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes.toString('base64')
}

test('a PNG of 2,000 × 2,000 is taken; one of 2,001, one of 257 KB, a GIF and nothing are not', () => {
  expect(logoFrom(png(2_000, 2_000)).format).toBe('png')
  const wrong = [png(2_001, 10), png(10, 10, 257 * 1024), encoded('GIF89a'), '']
  for (const each of wrong) expect(() => logoFrom(each)).toThrow()
})
