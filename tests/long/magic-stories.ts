// Which story is told of which test card and bank account. The files beside it take their rows from here, so a
// value of the sandbox that stands in no row has no story, and a test says so.

type Numbered = { readonly number: string }

const numbers = (...list: readonly string[]): readonly Numbered[] =>
  list.map(number => ({ number }))

export const stories = {
  pays: numbers(
    '4242424242424242',
    '4000056655665556',
    '5555555555554444',
    '5200828282828210',
    '5105105105105100',
    '378282246310005',
    '6011111111111117',
    '3056930009020004',
    '3566002020360505',
    '6200000000000005',
    '4000008260000000',
    '4000002760000016',
    '4000001560000002',
    '4000000000000077',
    '4000000000009235',
  ),
  refusedWhenAdded: [
    { number: '4000000000000002', code: 'generic_decline', advice: 'wait_or_change' },
    { number: '4000000000009995', code: 'insufficient_funds', advice: 'wait_or_change' },
    { number: '4000000000009987', code: 'lost_card', advice: 'change_method' },
    { number: '4000000000009979', code: 'stolen_card', advice: 'change_method' },
    { number: '4000000000000069', code: 'expired_card', advice: 'change_method' },
    { number: '4000000000000127', code: 'incorrect_cvc', advice: 'correct_details' },
    { number: '4000000000000119', code: 'processing_error', advice: 'wait_or_change' },
    { number: '4000000000006975', code: 'card_velocity_exceeded', advice: 'wait_or_change' },
  ],
  declinedLater: [
    { number: '4000000000000341', code: 'generic_decline' },
    { number: '4100000000000019', code: 'fraudulent' },
  ],
  challenged: [
    { number: '4000002500003155', outcome: 'complete', status: 'paid' },
    { number: '4000000000003220', outcome: 'complete', status: 'paid' },
    { number: '4000003800000446', outcome: 'complete', status: 'paid' },
    { number: '4000002760003184', outcome: 'complete', status: 'paid' },
    { number: '4000002760003184', outcome: 'fail', status: 'open' },
    { number: '4000008260003178', outcome: 'complete', status: 'open' },
  ],
  renewed: [
    { number: '4000003800000446', first: 'paid', answered: null, next: 'paid' },
    { number: '4000002500003155', first: 'open', answered: 'paid', next: 'paid' },
    { number: '4000000000003220', first: 'open', answered: 'paid', next: 'paid' },
    { number: '4000002760003184', first: 'open', answered: 'paid', next: 'open' },
    { number: '4000008260003178', first: 'open', answered: 'open', next: 'paid' },
  ],
  disputed: [
    { number: '4000000000000259', reason: 'fraudulent', outcome: 'won' },
    { number: '4000000000000259', reason: 'fraudulent', outcome: 'lost' },
    { number: '4000000000002685', reason: 'product_not_received', outcome: 'won' },
    { number: '4000000000002685', reason: 'product_not_received', outcome: 'lost' },
  ],
  inquiredInto: numbers('4000000000001976'),
  warnedOf: numbers('4000000000005423'),
  refundedLater: numbers('4000000000007726'),
  refundReturned: numbers('4000000000005126'),
  debited: [
    { number: '000123456789', status: 'succeeded', code: null },
    { number: '000111111113', status: 'failed', code: 'bank_account_closed' },
    { number: '000111111116', status: 'failed', code: 'bank_account_invalid_details' },
    { number: '000222222227', status: 'failed', code: 'insufficient_funds' },
    { number: '000333333335', status: 'failed', code: 'debit_not_authorized' },
  ],
  debitReturned: numbers('000555555559'),
  debitWaits: numbers('000000000009'),
  debitNotTaken: numbers('000777777771', '000000004954'),
} as const

/** Every number of which something is told. */
export const told: ReadonlySet<string> = new Set(
  Object.values(stories).flatMap(rows => rows.map(({ number }) => number)),
)
