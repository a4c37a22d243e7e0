// Looks at a page as somebody of the demo, in a language, a theme and a width.
import type { Browser, Page } from 'playwright-core'
import { claimsInToken } from '../../packages/billing-react/src/claims.ts'
import type { Language } from '../../packages/billing-react/src/formats.ts'
import type { ListedPage } from './pages.ts'

export interface Look {
  readonly language: Language
  readonly theme: 'light' | 'dark'
  readonly width: number
}

const tokens = new Map<string, Promise<string>>()

/** One token a person: a newcomer stays the same newcomer from page to page. */
function tokenOf(url: string, person: string): Promise<string> {
  const key = `${url} ${person}`
  const known = tokens.get(key)
  if (known !== undefined) return known
  const asked = fetch(`${url}/demo/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: person }),
  }).then(async answer => ((await answer.json()) as { token: string }).token)
  tokens.set(key, asked)
  return asked
}

async function sessionOf(url: string, person: string): Promise<string> {
  const token = await tokenOf(url, person)
  return JSON.stringify({ token, name: person, ...claimsInToken(token), openedTenantId: null })
}

/** Opens the page and waits until it is at rest. Close its context afterwards. */
export async function visit(
  browser: Browser,
  url: string,
  listed: ListedPage,
  { language, theme, width }: Look,
): Promise<Page> {
  const person = (language === 'zh-CN' ? listed.personZh : undefined) ?? listed.person
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: language,
    reducedMotion: 'reduce',
  })
  const kept = {
    preferences: JSON.stringify({ language, theme }),
    session: person === null ? null : await sessionOf(url, person),
  }
  await context.addInitScript(`{
    const kept = ${JSON.stringify(kept)}
    localStorage.setItem('quittance.preferences', kept.preferences)
    if (kept.session !== null) sessionStorage.setItem('quittance.session', kept.session)
  }`)
  const page = await context.newPage()
  await page.goto(`${url}${listed.path}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForLoadState('networkidle')
  if (listed.follow !== undefined) {
    await page.locator(listed.follow).first().click()
    await page.waitForLoadState('networkidle')
  }
  return page
}
