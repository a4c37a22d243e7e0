// What tenants and their operators do, by name, and how often.
import * as coupons from './operations/coupons.ts'
import * as disputes from './operations/disputes.ts'
import * as invoices from './operations/invoices.ts'
import * as methods from './operations/methods.ts'
import * as quotes from './operations/quotes.ts'
import * as received from './operations/received.ts'
import type { Operation } from './operations/scene.ts'
import * as subscriptions from './operations/subscriptions.ts'
import * as terms from './operations/terms.ts'
import * as usage from './operations/usage.ts'

interface Offered {
  readonly weight: number
  readonly operation: Operation
}

export const operations: Readonly<Record<string, Offered>> = {
  subscribe: { weight: 40, operation: subscriptions.subscribe },
  changePlan: { weight: 8, operation: subscriptions.changePlan },
  changeTerms: { weight: 6, operation: subscriptions.changeTerms },
  cancel: { weight: 2, operation: subscriptions.cancel },
  reactivate: { weight: 6, operation: subscriptions.reactivate },
  pause: { weight: 2, operation: subscriptions.pause },
  resume: { weight: 8, operation: subscriptions.resume },
  finishTrial: { weight: 2, operation: subscriptions.finishTrial },
  use: { weight: 24, operation: usage.use },
  correct: { weight: 4, operation: usage.correct },
  addCard: { weight: 6, operation: methods.addCard },
  chooseCard: { weight: 4, operation: methods.chooseCard },
  dropCard: { weight: 3, operation: methods.dropCard },
  pay: { weight: 12, operation: invoices.pay },
  refund: { weight: 6, operation: invoices.refund },
  bill: { weight: 4, operation: invoices.bill },
  issueDraft: { weight: 4, operation: invoices.issueDraft },
  dropDraft: { weight: 2, operation: invoices.dropDraft },
  withdraw: { weight: 3, operation: invoices.withdraw },
  giveUp: { weight: 2, operation: invoices.giveUp },
  credit: { weight: 5, operation: invoices.credit },
  adjust: { weight: 2, operation: invoices.adjust },
  confirm: { weight: 30, operation: methods.confirm },
  redeem: { weight: 8, operation: coupons.redeem },
  takeOff: { weight: 3, operation: coupons.takeOff },
  changeOffer: { weight: 1, operation: coupons.changeOffer },
  askPrice: { weight: 4, operation: quotes.askPrice },
  confirmKept: { weight: 40, operation: quotes.confirmKept },
  takeQuote: { weight: 8, operation: quotes.takeQuote },
  subscribeByQuote: { weight: 10, operation: quotes.subscribeByQuote },
  receive: { weight: 6, operation: received.receive },
  reverse: { weight: 2, operation: received.reverse },
  creditLines: { weight: 3, operation: invoices.creditLines },
  pauseCollecting: { weight: 1, operation: subscriptions.pauseCollecting },
  addBank: { weight: 5, operation: methods.addBank },
  answerDebit: { weight: 16, operation: methods.answerDebit },
  dispute: { weight: 3, operation: disputes.dispute },
  answer: { weight: 4, operation: disputes.answer },
  decide: { weight: 6, operation: disputes.decide },
  move: { weight: 1, operation: terms.move },
  changeRate: { weight: 1, operation: terms.changeRate },
  exempt: { weight: 1, operation: terms.exempt },
  proveVat: { weight: 1, operation: terms.proveVat },
  changePolicy: { weight: 1, operation: terms.changePolicy },
}
