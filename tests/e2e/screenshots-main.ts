// Renders every page in both languages, themes and widths to PNG files, to be looked at.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { discard, startProduct, temporaryFolder } from '../stack/product.ts'
import { openBrowser } from './browser.ts'
import { pages } from './pages.ts'
import { type Look, visit } from './visit.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    page: { type: 'string', multiple: true },
    language: { type: 'string' },
    theme: { type: 'string' },
    width: { type: 'string' },
    out: { type: 'string', default: 'screenshots' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help) {
  process.stdout.write(`npm run screenshots -- [options]
  --url URL        of a running product; default: one of its own
  --page NAME      only this page, repeatable (${pages.map(page => page.name).join(', ')})
  --language L     only en or zh-CN
  --theme T        only light or dark
  --width PX       only this width; default 390 and 1280
  --out FOLDER     default: screenshots
`)
  process.exit(0)
}

const chosen = pages.filter(page => values.page === undefined || values.page.includes(page.name))
const looks: Look[] = (['en', 'zh-CN'] as const).flatMap(language =>
  (['light', 'dark'] as const).flatMap(theme =>
    (values.width === undefined ? [390, 1280] : [Number(values.width)]).map(width => ({
      language,
      theme,
      width,
    })),
  ),
)
const wanted = looks.filter(
  look =>
    (values.language ?? look.language) === look.language &&
    (values.theme ?? look.theme) === look.theme,
)

/**
 * The page from top to bottom as PNG, or the window alone where a dialog or drawer is open. By the browser's own
 * protocol: Playwright's way first runs a script in each frame, and the frame of a mail runs none.
 */
async function pictureOf(page: Page, width: number): Promise<Buffer> {
  const session = await page.context().newCDPSession(page)
  if ((await page.locator('dialog[open], .ant-drawer-open').count()) === 0) {
    const { cssContentSize } = await session.send('Page.getLayoutMetrics')
    // What sticks to the window's edge then lies at the page's edge.
    await page.setViewportSize({ width, height: Math.max(900, Math.ceil(cssContentSize.height)) })
  }
  const { data } = await session.send('Page.captureScreenshot')
  return Buffer.from(data, 'base64')
}

const opened = await openBrowser()
if ('reason' in opened) {
  process.stderr.write(`No browser starts here, so no page can be drawn: ${opened.reason}\n`)
  process.exit(1)
}
const folder = temporaryFolder()
const product =
  values.url === undefined ? await startProduct({ dataDir: join(folder, 'data') }) : null
const url = (values.url ?? product?.url ?? '').replace(/\/$/, '')
let drawn = 0
try {
  mkdirSync(values.out, { recursive: true })
  for (const page of chosen) {
    for (const look of wanted) {
      const shown = await visit(opened.browser, url, page, look)
      const file = `${page.name}-${look.language}-${look.theme}-${look.width}.png`
      writeFileSync(join(values.out, file), await pictureOf(shown, look.width))
      await shown.context().close()
      drawn += 1
      process.stderr.write(`\r${drawn} of ${chosen.length * wanted.length}  ${file}\x1b[K`)
    }
  }
} finally {
  await opened.browser.close()
  await product?.stop()
  discard(folder, product ? [product] : [])
  rmSync(folder, { recursive: true, force: true })
}
process.stderr.write('\n')
process.stdout.write(`${drawn} pictures in ${values.out}\n`)
