// Twelve documents as pictures and text. `npm run golden` writes the files anew; look at each then.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, expect, test } from 'vitest'
import { openPdfRenderer } from '../../src/adapters/typst/pdf-renderer.ts'
import { goldenDocuments } from './documents.ts'
import { difference, type ReadPage, readPages } from './pictures.ts'

const folder = join(import.meta.dirname, 'files')
const writing = process.env.UPDATE_GOLDEN === '1'
/** Anti-aliasing may differ; a figure that moved or changed does not pass. */
const differenceMax = 0.001

const renderer = openPdfRenderer({ run: 'in-process' })
afterAll(() => renderer.close())

const textOf = (pages: readonly ReadPage[]): string =>
  `${pages.map(page => page.text.trim()).join('\n\f\n')}\n`

test.each(goldenDocuments)('$name looks and reads as it did', async ({ name, pdf }) => {
  const pages = await readPages(await pdf(renderer))
  if (writing) write(name, pages)
  expect(textOf(pages)).toBe(readFileSync(join(folder, `${name}.txt`), 'utf8'))
  for (const [index, page] of pages.entries()) {
    const kept = PNG.sync.read(readFileSync(join(folder, `${name}-${index + 1}.png`)))
    expect(difference(page.picture, kept), `page ${index + 1}`).toBeLessThan(differenceMax)
  }
  expect(existsSync(join(folder, `${name}-${pages.length + 1}.png`))).toBe(false)
})

function write(name: string, pages: readonly ReadPage[]): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.txt`), textOf(pages))
  for (const [index, { picture }] of pages.entries()) {
    writeFileSync(
      join(folder, `${name}-${index + 1}.png`),
      PNG.sync.write(picture, { colorType: 2, deflateLevel: 9 }),
    )
  }
}
