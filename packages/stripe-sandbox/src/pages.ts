// The HTML of the pages a customer sees: 3-D Secure, micro-deposits, checkout. Text only: no
// scripts, and every value from outside is escaped.

import type Stripe from 'stripe'
import type { MethodType } from './instruments.ts'
import { shownAmount } from './money.ts'

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(value: string): string {
  return value.replace(/[&<>"']/g, sign => escapes[sign] ?? '')
}

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f4f5f8; color: #1b1f29 }
  main { max-width: 26rem; margin: 3rem auto; padding: 2rem; background: #fff; border-radius: 12px;
         box-shadow: 0 1px 4px rgb(0 0 0 / 12%) }
  h1 { font-size: 1.25rem; margin: 0 0 .25rem }
  .note { color: #596171; font-size: .875rem; margin: 0 0 1.5rem }
  .sum { font-size: 2rem; font-weight: 600; margin: 0 0 1.5rem }
  .bad { color: #a4161a; margin: 0 0 1rem }
  ul { list-style: none; padding: 0; margin: 0 0 1.5rem }
  li { display: flex; justify-content: space-between }
  form { margin: 0 0 .75rem }
  label { display: block; font-size: .875rem; margin: 0 0 .75rem }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin-top: .25rem;
          border: 1px solid #b6bcc8; border-radius: 6px }
  button { font: inherit; width: 100%; padding: .625rem; border: 0; border-radius: 6px;
           background: #3d46c2; color: #fff; cursor: pointer }
  button.plain { background: #e6e8ee; color: #1b1f29 }
  button:focus-visible, input:focus-visible, a:focus-visible { outline: 3px solid #f0a202 }`

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}
</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`
}

function button(path: string, fields: Record<string, string>, label: string, plain = false) {
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  )
  return `<form method="post" action="${escaped(path)}">${hidden.join('')}
<button${plain ? ' class="plain"' : ''} name="answer" type="submit">${escaped(label)}</button>
</form>`
}

function amountLine(amount: number | null, currency: string | null): string {
  if (amount === null || currency === null) return ''
  return `<p class="sum">${escaped(shownAmount(amount, currency))}</p>`
}

const sandboxNote = '<p class="note">Sandbox: no money moves and no bank is asked.</p>'

/** The issuer's question to the cardholder, or a wallet's to its user: complete or fail. */
export function authenticationPage(
  intent: Stripe.PaymentIntent | Stripe.SetupIntent,
  path: string,
): string {
  const sum = intent.object === 'payment_intent' ? amountLine(intent.amount, intent.currency) : ''
  return page(
    'Authentication',
    `<h1>Confirm it is you</h1>
${sandboxNote}
${sum}
${button(path, { outcome: 'complete' }, 'Complete')}
${button(path, { outcome: 'fail' }, 'Fail', true)}`,
  )
}

/** Where a customer types the code of the micro-deposit they received. */
export function microdepositPage(path: string, problem: string | null): string {
  return page(
    'Verify your bank account',
    `<h1>Verify your bank account</h1>
${sandboxNote}
${problem ? `<p class="bad" role="alert">${escaped(problem)}</p>` : ''}
<form method="post" action="${escaped(path)}">
<label>Code on your statement, for instance SM11AA
<input name="descriptor_code" autocomplete="off" required></label>
<button type="submit">Verify</button>
</form>`,
  )
}

const walletNames = { alipay: 'Alipay', wechat_pay: 'WeChat Pay', paypal: 'PayPal' } as const

function cardForm(path: string): string {
  return `<form method="post" action="${escaped(path)}">
<input type="hidden" name="method" value="card">
<label>Card number
<input name="number" inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242" required>
</label>
<button type="submit">Pay with card</button>
</form>`
}

/** The hosted checkout page of an open session. */
export function checkoutPage(
  session: Stripe.Checkout.Session,
  lines: readonly { description: string | null; amount_total: number; currency: string }[],
  path: string,
  problem: string | null,
): string {
  const types = session.payment_method_types as MethodType[]
  const wallets = (['alipay', 'wechat_pay', 'paypal'] as const).filter(type => types.includes(type))
  const items = lines.map(
    line =>
      `<li><span>${escaped(line.description ?? '')}</span>` +
      `<span>${escaped(shownAmount(line.amount_total, line.currency))}</span></li>`,
  )
  return page(
    'Checkout',
    `<h1>Checkout</h1>
${sandboxNote}
${amountLine(session.amount_total, session.currency)}
<ul>${items.join('')}</ul>
${problem ? `<p class="bad" role="alert">${escaped(problem)}</p>` : ''}
${types.includes('card') ? cardForm(path) : ''}
${wallets.map(type => button(path, { method: type }, `Pay with ${walletNames[type]}`)).join('\n')}
${types.includes('us_bank_account') ? bankButton(path) : ''}
${session.cancel_url ? `<p><a href="${escaped(session.cancel_url)}">Cancel</a></p>` : ''}`,
  )
}

function bankButton(path: string): string {
  return button(path, { method: 'us_bank_account' }, 'Pay with a US bank account')
}

/** A page that only says something. */
export function messagePage(title: string, text: string): string {
  return page(title, `<h1>${escaped(title)}</h1>\n<p>${escaped(text)}</p>`)
}
