// Tells when a page is at rest: nothing asked for lately, and nothing drawn that only holds a place.
import type { Page, Request } from 'playwright-core'

/** Long enough for an answer to become the next question. */
const quietMs = 200
const patienceMs = 30_000

/**
 * Watches what a page asks for. The promise that it returns ends once nothing was under way for 200 ms and every
 * skeleton has given way. Playwright's own `networkidle` waits for each frame's word, and the frame of a mail,
 * which runs no scripts, sometimes gives none.
 */
export function watchRest(page: Page): () => Promise<void> {
  const underWay = new Set<Request>()
  let lastAt = performance.now()
  const note = (change: (request: Request) => unknown) => (request: Request) => {
    if (request.frame() !== page.mainFrame()) return
    change(request)
    lastAt = performance.now()
  }
  page.on(
    'request',
    note(request => underWay.add(request)),
  )
  const ended = note(request => underWay.delete(request))
  page.on('requestfinished', ended)
  page.on('requestfailed', ended)
  const quiet = async () => {
    const endsAt = performance.now() + patienceMs
    while (underWay.size > 0 || performance.now() - lastAt < quietMs) {
      if (performance.now() > endsAt) {
        const urls = [...underWay].map(request => request.url())
        throw new Error(`${page.url()} still asks for ${urls.join(', ')}`)
      }
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }
  return async () => {
    const skeletons = page.locator('.qt-skeleton')
    do {
      await skeletons.first().waitFor({ state: 'detached' })
      lastAt = performance.now()
      await quiet()
    } while ((await skeletons.count()) > 0)
  }
}
