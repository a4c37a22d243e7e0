// The pages of the sandbox that a customer's browser visits, and what their buttons do.

import type Stripe from 'stripe'
import { openSession, payCheckout, sessionOf } from './checkouts.ts'
import type { ApiRequest, Outcome } from './dispatch.ts'
import { type Engine, noOrigin } from './engine.ts'
import { StripeFailure } from './failures.ts'
import { decodeForm, type FormRecord } from './form.ts'
import { methodFrom, needMethod } from './instruments.ts'
import { authenticationPage, checkoutPage, messagePage, microdepositPage } from './pages.ts'
import { completeAuthentication } from './payments.ts'
import { completeSetupAuthentication } from './setups.ts'
import { find, need, type Work } from './state.ts'
import { verifyPayment, verifySetup } from './verification.ts'

type Intent = Stripe.PaymentIntent | Stripe.SetupIntent

function html(status: number, body: string): Outcome {
  return {
    kind: 'reply',
    reply: {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self' http: https:",
        'referrer-policy': 'no-referrer',
      },
      body,
    },
  }
}

function redirect(url: string): Outcome {
  const headers = { location: url, 'cache-control': 'no-store' }
  return { kind: 'reply', reply: { status: 303, headers, body: '' } }
}

function findIntent(work: Work, id: string): Intent {
  return find(work, 'payment_intent', id) ?? need(work, 'setup_intent', id, 'intent')
}

/** The address to return to, with what Stripe appends to it. */
function returnAddress(intent: Intent, returnUrl: string): string {
  const url = new URL(returnUrl)
  url.searchParams.set(intent.object, intent.id)
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? '')
  const passed =
    intent.status === 'succeeded' ||
    intent.status === 'processing' ||
    intent.status === 'requires_capture'
  url.searchParams.set('redirect_status', passed ? 'succeeded' : 'failed')
  return url.href
}

function returnUrlOf(intent: Intent): string | null {
  const action = intent.next_action
  if (!action) return null
  const alipay = 'alipay_handle_redirect' in action ? action.alipay_handle_redirect : undefined
  return action.redirect_to_url?.return_url ?? alipay?.return_url ?? null
}

function showIntent(engine: Engine, id: string, path: string): Outcome {
  return engine.transact(noOrigin, work => {
    const intent = findIntent(work, id)
    if (intent.status !== 'requires_action') {
      return html(200, messagePage('Nothing to do', 'This page has done its work.'))
    }
    return intent.next_action?.type === 'verify_with_microdeposits'
      ? html(200, microdepositPage(path, null))
      : html(200, authenticationPage(intent, path))
  })
}

/** Declines are part of the customer's story here: the failed attempt is on record either way. */
function absorbing(run: () => Intent, after: () => Intent): Intent {
  try {
    return run()
  } catch (failure) {
    if (failure instanceof StripeFailure && failure.effects === 'keep') return after()
    throw failure
  }
}

/** Passes or fails the authentication an intent waits for; also what tests steer by HTTP. */
export function authenticate(work: Work, id: string, passed: boolean): Intent {
  const intent = findIntent(work, id)
  if (intent.object === 'setup_intent') return completeSetupAuthentication(work, id, passed)
  return absorbing(
    () => completeAuthentication(work, id, passed),
    () => findIntent(work, id),
  )
}

function answerIntent(engine: Engine, id: string, path: string, form: FormRecord): Outcome {
  return engine.transact(noOrigin, work => {
    const before = findIntent(work, id)
    if (before.next_action?.type === 'verify_with_microdeposits') {
      return verifyOnPage(work, before, path, form)
    }
    const returnUrl = returnUrlOf(before)
    const intent = authenticate(work, id, form.outcome === 'complete')
    const session = intent.object === 'payment_intent' ? sessionOf(work, id) : undefined
    if (session?.status === 'complete' && session.success_url) {
      return redirect(successAddress(session.success_url, session.id))
    }
    if (session?.status === 'open' && session.url) return redirect(session.url)
    if (returnUrl) return redirect(returnAddress(intent, returnUrl))
    const text = intent.status === 'succeeded' ? 'You can close this page.' : 'It did not work.'
    return html(200, messagePage('Done', text))
  })
}

function verifyOnPage(work: Work, intent: Intent, path: string, form: FormRecord): Outcome {
  try {
    const { descriptor_code } = form
    const params: FormRecord = descriptor_code === undefined ? {} : { descriptor_code }
    if (intent.object === 'payment_intent') verifyPayment(work, intent, params)
    else verifySetup(work, intent, params)
    return html(200, messagePage('Verified', 'Your bank account is verified.'))
  } catch (failure) {
    if (!(failure instanceof StripeFailure)) throw failure
    return html(200, microdepositPage(path, failure.message))
  }
}

function successAddress(template: string, sessionId: string): string {
  return template.replaceAll('{CHECKOUT_SESSION_ID}', sessionId)
}

function showCheckout(work: Work, id: string, path: string, problem: string | null): Outcome {
  const session = need(work, 'checkout_session', id)
  if (session.status !== 'open') {
    return html(200, messagePage('Checkout', `This checkout is ${session.status}.`))
  }
  const { lines } = need(work, 'checkout_plan', id)
  return html(200, checkoutPage(session, lines, path, problem))
}

function chosenMethod(work: Work, form: FormRecord): Stripe.PaymentMethod {
  if (form.method === 'us_bank_account') return needMethod(work, 'pm_usBankAccount_success')
  if (form.method !== 'card') return methodFrom(work, { type: form.method ?? '' })
  const year = String(new Date(work.atMs).getUTCFullYear() + 3)
  const number = typeof form.number === 'string' ? form.number : ''
  return methodFrom(work, { type: 'card', card: { number, exp_month: '12', exp_year: year } })
}

function answerCheckout(engine: Engine, id: string, path: string, form: FormRecord): Outcome {
  return engine.transact(noOrigin, work => {
    openSession(work, id)
    try {
      const method = chosenMethod(work, form)
      const { declined, nextUrl } = payCheckout(work, id, method)
      if (declined) return showCheckout(work, id, path, declined)
      return redirect(successAddress(nextUrl ?? path, id))
    } catch (failure) {
      if (!(failure instanceof StripeFailure) || failure.effects !== 'keep') throw failure
      return showCheckout(work, id, path, failure.message)
    }
  })
}

/** Stands in for WeChat's QR code; the page behind it is what matters. */
const placeholderImage =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" role="img">' +
  '<title>Sandbox QR code</title><rect width="100" height="100" fill="#eee"/>' +
  '<text x="50" y="55" text-anchor="middle" font-size="14">sandbox</text></svg>'

function image(): Outcome {
  const headers = { 'content-type': 'image/svg+xml', 'cache-control': 'no-store' }
  return { kind: 'reply', reply: { status: 200, headers, body: placeholderImage } }
}

function showRecord(engine: Engine, area: string, id: string): Outcome {
  return engine.transact(noOrigin, work => {
    if (area === 'receipts') {
      const charge = need(work, 'charge', id)
      return html(200, messagePage('Receipt', `Charge ${charge.id}: ${charge.status}.`))
    }
    const invoice = need(work, 'invoice', id)
    return html(200, messagePage('Invoice', `Invoice ${invoice.number}: ${invoice.status}.`))
  })
}

function route(engine: Engine, request: ApiRequest, area: string, id: string): Outcome {
  const path = request.url.split('?')[0] ?? ''
  if (path.endsWith('/code.svg')) return image()
  if (area === 'receipts' || area === 'invoices') return showRecord(engine, area, id)
  if (request.method === 'POST') {
    const form = decodeForm(request.body)
    return area === 'checkout'
      ? answerCheckout(engine, id, path, form)
      : answerIntent(engine, id, path, form)
  }
  return area === 'checkout'
    ? engine.transact(noOrigin, work => showCheckout(work, id, path, null))
    : showIntent(engine, id, path)
}

const areas = ['authenticate', 'checkout', 'invoices', 'receipts']

/** Answers a page request, or undefined when the path is no page of the sandbox. */
export function answerPage(engine: Engine, request: ApiRequest): Outcome | undefined {
  const [, area = '', id = ''] = (request.url.split('?')[0] ?? '').split('/')
  if (!areas.includes(area)) return undefined
  try {
    return route(engine, request, area, id)
  } catch (failure) {
    if (!(failure instanceof StripeFailure)) throw failure
    return html(failure.status, messagePage('This did not work', failure.message))
  }
}
