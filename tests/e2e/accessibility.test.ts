// Every page, read by axe in both languages and themes: nothing serious or critical.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discard, type Product, startProduct, temporaryFolder } from '../stack/product.ts'
import { openBrowser } from './browser.ts'
import { pages } from './pages.ts'
import { visit } from './visit.ts'

const opened = await openBrowser()
const reason = 'reason' in opened ? opened.reason : ''
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const folder = temporaryFolder()

let product: Product
let browser: Browser

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly target: readonly string[] }[]
}

/** What is wrong, as `rule: the elements`. */
const told = (violations: readonly Violation[]): string[] =>
  violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`)

describe.skipIf(reason !== '')(`accessibility ${reason}`, () => {
  beforeAll(async () => {
    if ('browser' in opened) browser = opened.browser
    product = await startProduct({ dataDir: join(folder, 'data') })
  })

  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    discard(folder, product ? [product] : [])
  })

  describe.each(['en', 'zh-CN'] as const)('in %s', language => {
    it.each(pages.map(page => [page.name, page] as const))(
      '%s has nothing serious or critical, light and dark',
      async (_, listed) => {
        for (const theme of ['light', 'dark'] as const) {
          const page = await visit(browser, product.url, listed, { language, theme, width: 1280 })
          // Evaluated from outside, so the page's own policy against foreign scripts stays in force.
          await page.evaluate(axe)
          const found = await page.evaluate<readonly Violation[]>(
            'axe.run(document, { resultTypes: ["violations"] }).then(result => result.violations)',
          )
          await page.context().close()
          expect(told(found), theme).toEqual([])
        }
      },
    )
  })
})
