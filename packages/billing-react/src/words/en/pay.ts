// English words of the pages behind signed links.
export const pay = {
  'pay.fixTitle': 'Fix the payment of invoice {number}',
  'pay.sandbox': 'Sandbox: no real money moves',
  'pay.from': 'Issuer',
  'pay.for': 'Payer',
  'pay.number': 'Invoice number',
  'pay.failedWith': 'The last try on {day} with {method} did not go through',
  'pay.failed': 'The last try on {day} did not go through',
  'pay.keep': 'Also use this card for future invoices',
  'pay.other': 'Pay another way',
  'pay.otherHint': 'Wallets and other methods open on a page of the payment processor.',
  'pay.live':
    'You pay on the page of Stripe and come back here. Card details go to Stripe alone and never pass through this page.',
  'pay.checkoutOpen':
    'A page to pay on is open. If you have just paid there, it shows here in a moment. Nothing is charged twice.',
  'pay.confirm.title': 'Confirm the payment with your bank',
  'pay.confirm.body': 'Your bank asks you to confirm {amount}. Nothing is charged before that.',
  'pay.confirm.go': 'Confirm {amount} with your bank',
  'pay.pending.title': 'Confirming with your bank',
  'pay.pending.body': 'This takes a moment. Please do not pay again. You may close this page.',
  'pay.processing.title': 'Bank debit processing',
  'pay.paid.title': 'Paid',
  'pay.paid.body': 'Invoice {number} is settled. Nothing more is due, and you may close this page.',
  'pay.paid.on': 'Paid on',
  'pay.receipt': 'Receipt',
  'pay.withdrawn.title': 'Invoice {number} can no longer be paid',
  'pay.withdrawn.body':
    'The issuer has withdrawn it, so nothing is due. If you still want to pay, ask {issuer} for a new link.',
  'pay.issuer': 'the issuer',
  'pay.dead.title': 'This link is no longer valid',
  'pay.dead.body':
    'It has expired or was replaced. Ask whoever sent it to you for a new one. Nothing was charged.',
  'pay.lines': 'What it is for',
  'pay.writtenOff': 'The issuer no longer expects this amount. You can still pay it here.',
} as const
