// A stage for flows in a real browser: one browser a file, the product that all share, a fresh context a test, and
// what the browser complained about.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { inject } from 'vitest'
import type { Language } from '../../packages/billing-react/src/formats.ts'
import { type Translate, translateFor } from '../../packages/billing-react/src/words/words.ts'
import { openBrowser } from './browser.ts'
import type { SharedProduct } from './shared-product.ts'
import { sessionWith } from './visit.ts'

export interface Opening {
  readonly language: Language
  /** Null: nobody is signed in. */
  readonly token: string | null
  readonly path: string
  readonly width?: number
}

export interface Stage {
  readonly product: SharedProduct
  /** Opens a page of the dashboard in a browser of its own. */
  open(opening: Opening): Promise<Page>
  /** Closes what a test opened; what the browser complained about meanwhile. */
  clear(): Promise<string[]>
  close(): Promise<void>
}

/** The browser of a test file, or why there is none. */
export async function browserForTests() {
  const opened = await openBrowser()
  return 'reason' in opened
    ? { browser: null, reason: opened.reason }
    : { browser: opened.browser, reason: '' }
}

/** The words of the pages as a test reads them. */
export const wordsOf = (language: Language): Translate =>
  translateFor({ language, zone: 'UTC', at: Date.now() })

/** A refused call is told by the page itself; the browser says it once more on its console. */
const isExpected = (text: string): boolean => /status of 4\d\d/.test(text)

/** Sets a browser before the product that runs already. */
export function openStage(browser: Browser): Stage {
  const product = inject('product')
  const contexts: BrowserContext[] = []
  let complaints: string[] = []
  return {
    product,
    async open({ language, token, path, width = 1280 }) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        locale: language,
        reducedMotion: 'reduce',
      })
      contexts.push(context)
      const kept = token === null ? null : sessionWith(token, 'Tester')
      if (kept !== null) {
        await context.addInitScript(`{
          if (!sessionStorage.getItem('quittance.session'))
            sessionStorage.setItem('quittance.session', ${JSON.stringify(kept)})
        }`)
      }
      const page = await context.newPage()
      page.on('pageerror', error => complaints.push(error.message))
      page.on('console', message => {
        const text = message.text()
        if (message.type() === 'error' && !isExpected(text)) complaints.push(text)
      })
      await page.goto(product.url + path)
      return page
    },
    async clear() {
      for (const context of contexts.splice(0)) await context.close()
      const found = complaints
      complaints = []
      return found
    },
    close: () => browser.close(),
  }
}
