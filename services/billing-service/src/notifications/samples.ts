// A plausible example of every kind, for previews and tests: one subscriber, one month.
import type { MailKind } from '../core/mail.ts'
import type { Language } from '../documents/words.ts'
import type { MailSubject } from './facts.ts'

const at = (text: string): number => Date.parse(`${text}T09:00:00Z`)
const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' })

/** The example of a kind. `url` stands for every link in it. */
export function sampleMail(kind: MailKind, language: Language, url: string): MailSubject {
  return samples(language, url)[kind]
}

function samples(language: Language, url: string): { readonly [K in MailKind]: MailSubject } {
  const pick = (en: string, zh: string): string => (language === 'en' ? en : zh)
  const method = pick('Visa 4242', 'Visa 尾号 4242')
  const bank = pick('STRIPE TEST BANK 6789', 'STRIPE TEST BANK 尾号 6789')
  const name = 'Professional'
  const plan = { name, cycle: 'monthly', quantity: 1, price: usd(9_900) } as const
  const failure = {
    number: 'HARB-0042',
    due: usd(9_900),
    method,
    reason: pick(
      'Your bank declined this payment: not enough funds. Nothing was charged. Try again later or use another payment method.',
      '账户余额不足，扣款未成功，未产生费用。您可以稍后再试，或更换支付方式。',
    ),
    retryAt: at('2026-11-25'),
    stopsAt: at('2026-12-02'),
    plan: name,
    finally: 'unpaid',
    fixUrl: url,
  } as const
  const before = { name: 'Starter', quantity: 1 }
  return {
    welcome: {
      kind: 'welcome',
      facts: { plan, trialEnd: null, nextChargeAt: at('2026-12-01'), url },
    },
    trial_ending: { kind: 'trial_ending', facts: { plan, endsAt: at('2026-11-15'), method, url } },
    renewal_reminder: {
      kind: 'renewal_reminder',
      facts: { plan, renewsAt: at('2026-12-01'), method, url },
    },
    plan_changed: {
      kind: 'plan_changed',
      facts: { plan, before, nextChargeAt: at('2026-12-01'), url },
    },
    plan_change_scheduled: {
      kind: 'plan_change_scheduled',
      facts: {
        plan: { ...plan, name: 'Starter', price: usd(2_900) },
        before: { name, quantity: 1 },
        effectiveAt: at('2026-12-01'),
        url,
      },
    },
    subscription_canceled: {
      kind: 'subscription_canceled',
      facts: { plan: name, endsAt: at('2026-12-01'), ended: false, cause: 'asked', url },
    },
    service_suspended: {
      kind: 'service_suspended',
      facts: { plan: name, cause: 'unpaid', owed: { ...usd(9_900), number: 'HARB-0042' }, url },
    },
    service_restored: { kind: 'service_restored', facts: { plan: name, url } },
    usage_alert: {
      kind: 'usage_alert',
      facts: {
        plan: name,
        metric: 'api_calls',
        percent: 80,
        used: '80123',
        included: '100000',
        resetsAt: at('2026-12-01'),
        capped: false,
        url,
      },
    },
    invoice_issued: {
      kind: 'invoice_issued',
      facts: {
        number: 'HARB-0042',
        total: usd(9_900),
        due: usd(9_900),
        dueAt: at('2026-11-15'),
        issuedAt: at('2026-11-01'),
        collection: 'manual',
        method: null,
        url,
      },
    },
    invoice_overdue: {
      kind: 'invoice_overdue',
      facts: { number: 'HARB-0042', due: usd(9_900), dueAt: at('2026-11-15'), days: 7, url },
    },
    debit_processing: {
      kind: 'debit_processing',
      facts: { number: 'HARB-0042', amount: usd(9_900), method: bank, url },
    },
    payment_succeeded: {
      kind: 'payment_succeeded',
      facts: {
        number: 'HARB-0042',
        amount: usd(9_900),
        paidAt: at('2026-11-03'),
        method,
        transactionId: 'txn_01KMZ4Y8Q2S0V6X3N7T5B9C1DE',
        remaining: null,
        url,
      },
    },
    payment_failed: { kind: 'payment_failed', facts: failure },
    dunning_reminder: { kind: 'dunning_reminder', facts: failure },
    dunning_final: { kind: 'dunning_final', facts: { ...failure, retryAt: null } },
    refund_sent: {
      kind: 'refund_sent',
      facts: {
        amount: usd(5_000),
        method,
        number: 'HARB-0042',
        transactionId: 'txn_01KMZ4Y8Q2S0V6X3N7T5B9C1DF',
        url,
      },
    },
    credit_note_issued: {
      kind: 'credit_note_issued',
      facts: {
        number: 'HARB-CN-0003',
        invoiceNumber: 'HARB-0042',
        total: usd(9_900),
        lowersInvoice: usd(4_900),
        refunded: usd(5_000),
        toBalance: usd(0),
        reason: pick('One seat was never used', '一个席位从未使用'),
        url,
      },
    },
    card_expiring: {
      kind: 'card_expiring',
      facts: { brand: 'Visa', last4: '4242', month: 12, year: 2026, url },
    },
    bank_verification: {
      kind: 'bank_verification',
      facts: { method: bank, by: at('2026-11-11'), url },
    },
    dispute_opened: {
      kind: 'dispute_opened',
      facts: {
        tenant: 'acme',
        amount: usd(9_900),
        number: 'HARB-0042',
        reason: pick('Not received', '未收到服务'),
        answerBy: at('2026-11-20'),
        url,
      },
    },
  }
}
