// Every page, read by axe in both languages and themes: nothing serious or critical.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { pages } from './pages.ts'
import { visit } from './visit.ts'

const opened = await openBrowser()
const reason = 'reason' in opened ? opened.reason : ''
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
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
  beforeAll(() => {
    if ('browser' in opened) browser = opened.browser
  })

  afterAll(async () => {
    await browser?.close()
  })

  describe.each(['en', 'zh-CN'] as const)('in %s', language => {
    it.each(pages.map(page => [page.name, page] as const))(
      '%s has nothing serious or critical, light and dark',
      async (_, listed) => {
        const look = { language, theme: 'system', width: 1280 } as const
        const page = await visit(browser, inject('product').url, listed, look)
        // Evaluated from outside, so the page's own policy against foreign scripts stays in force.
        await page.evaluate(axe)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          // Two frames, one for the page to hear of it, one to draw it; then every colour on its way has arrived.
          await page.evaluate(
            'new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))',
          )
          await page.evaluate(
            'Promise.allSettled(document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished))',
          )
          const found = await page.evaluate<readonly Violation[]>(
            'axe.run(document, { resultTypes: ["violations"] }).then(result => result.violations)',
          )
          expect(told(found), colorScheme).toEqual([])
        }
        await page.context().close()
      },
    )
  })
})
