// Looks at a page as somebody of the demo, in a language, a theme and a width.
import type { Browser, Page } from 'playwright-core'
import { claimsInToken } from '../../packages/billing-react/src/claims.ts'
import type { Language } from '../../packages/billing-react/src/formats.ts'
import { asAdmin, newTenant } from './api.ts'
import { watchRest } from './at-rest.ts'
import { demoTokenOf } from './demo-token.ts'
import type { ListedPage } from './pages.ts'
import { pathOfLink } from './pay-links.ts'

export interface Look {
  readonly language: Language
  /** `system`: as the browser says, light to begin with. */
  readonly theme: 'light' | 'dark' | 'system'
  readonly width: number
}

/** What the dashboard keeps of somebody who is signed in. */
export const sessionWith = (token: string, name: string): string =>
  JSON.stringify({ token, name, ...claimsInToken(token), openedTenantId: null })

const sessionOf = async (url: string, person: string): Promise<string> =>
  sessionWith(await demoTokenOf(url, person), person)

interface Waiting {
  readonly session: string
  readonly path: string
}

const waitings = new Map<string, Promise<Waiting>>()

async function makeAccount(url: string): Promise<Waiting> {
  const tenant = await newTenant(url)
  const paymentMethodId = 'pm_usBankAccount_unverified'
  const { id } = await asAdmin(url, tenant, '/payment-methods', { paymentMethodId })
  return {
    session: sessionWith(tenant.token, 'newcomer'),
    path: `/payment-methods/${id}/verify`,
  }
}

/** A new tenant whose bank account waits for its deposits, made once for each product. */
function accountToVerify(url: string): Promise<Waiting> {
  const made = waitings.get(url) ?? makeAccount(url)
  waitings.set(url, made)
  return made
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
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  const waiting = listed.account ? await accountToVerify(url) : null
  const kept = {
    preferences: JSON.stringify({ language, theme }),
    session: waiting?.session ?? (person === null ? null : await sessionOf(url, person)),
  }
  await context.addInitScript(`{
    const kept = ${JSON.stringify(kept)}
    localStorage.setItem('quittance.preferences', kept.preferences)
    if (kept.session !== null) sessionStorage.setItem('quittance.session', kept.session)
  }`)
  const page = await context.newPage()
  const atRest = watchRest(page)
  const own = waiting?.path ?? listed.path
  const path = listed.link ? await pathOfLink(url, listed.name, listed.link) : own
  await page.goto(`${url}${path}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await atRest()
  if (listed.follow !== undefined) {
    await page.locator(listed.follow).first().click()
    await atRest()
    if (listed.until !== undefined) await page.locator(listed.until).first().waitFor()
  }
  return page
}
