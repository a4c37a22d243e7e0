import { expect, test } from 'vitest'
import { mailKinds } from '../core/mail.ts'
import { zh } from './content.ts'
import type { MailFrame } from './facts.ts'
import { sampleMail } from './samples.ts'
import { writeMail } from './write-mail.ts'

const url = 'https://billing.harbour.example/x'
const frame = (language: MailFrame['language'], more: Partial<MailFrame> = {}): MailFrame => ({
  language,
  zone: 'UTC',
  issuer: {
    name: 'Harbour',
    email: 'billing@harbour.example',
    addressLines: ['12 Harbour Street', 'Dublin'],
  },
  settingsUrl: 'https://billing.harbour.example/settings',
  test: false,
  ...more,
})
const languages = ['en', 'zh-CN'] as const
const all = mailKinds.flatMap(kind => languages.map(language => [kind, language] as const))

/** A Chinese character is as wide as two Latin letters. */
const width = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (/[\u2e80-\uffef]/.test(letter) ? 2 : 1), 0)

test.each(all)(
  '%s in %s: both parts, a subject of at most 45, every fact in both',
  (kind, language) => {
    const mail = writeMail(sampleMail(kind, language, url), frame(language))
    expect(width(mail.subject), mail.subject).toBeLessThanOrEqual(45)
    expect(mail.subject).not.toMatch(/undefined|null|\{/)
    for (const part of [mail.text, mail.html]) {
      expect(part).not.toMatch(/undefined|NaN|\[object/)
      expect(part).toContain(url)
      expect(part).toContain('Harbour')
    }
    expect(mail.html).not.toMatch(/<img|src=|@import|url\(/)
    expect(mail.html).toContain(`lang="${language}"`)
  },
)

test.each(mailKinds)('%s keeps to the words of the house', kind => {
  const english = writeMail(sampleMail(kind, 'en', url), frame('en'))
  expect(english.text).not.toMatch(/[\u4e00-\u9fff，。！]|\bterminat|oops|urgent|!/i)
  const chinese = writeMail(sampleMail(kind, 'zh-CN', url), frame('zh-CN')).text
  expect(chinese).not.toMatch(/发票|到期日|扣费|信用(?!代码)|亲|哦|呢|！|[,;!?] /)
  // A space where Han meets Latin, and none after a date.
  expect(chinese).not.toMatch(/[\u4e00-\u9fff][A-Za-z]|日 [\u4e00-\u9fff]/)
})

test('a failed charge says why, when the next try is and until when service goes on', () => {
  const { subject, text } = writeMail(sampleMail('payment_failed', 'en', url), frame('en'))
  expect(subject).toBe('We could not collect USD 99.00 for HARB-0042')
  expect(text).toBe(`We could not collect USD 99.00

Your bank declined this payment: not enough funds. Nothing was charged. Try again later or use another payment method.

Invoice: HARB-0042
Amount due: USD 99.00
Payment method: Visa 4242
Next attempt: Nov 25, 2026

Fix payment: 
${url}

We try Visa 4242 again on Nov 25, 2026.

Professional works until Dec 2, 2026. After that service pauses until the invoice is paid; your data is kept.

-- 
Questions? Answer this mail or write to billing@harbour.example.
Harbour · 12 Harbour Street · Dublin
You receive this as a billing contact.
Notification settings: https://billing.harbour.example/settings
`)
})

test('the same in Chinese', () => {
  const { subject, text } = writeMail(sampleMail('dunning_final', 'zh-CN', url), frame('zh-CN'))
  expect(subject).toBe('服务将于 12月2日暂停：USD 99.00 未付')
  expect(text).toContain('账单 HARB-0042 未支付，服务将于 2026年12月2日暂停')
  expect(text).toContain('Professional 在 2026年12月2日前可正常使用。')
})

test('markup and line breaks in names stay text', () => {
  const { kind, facts } = sampleMail('service_restored', 'en', url)
  const plan = '<script>alert(1)</script>\r\nBcc: all@x.example'
  const mail = writeMail({ kind, facts: { ...facts, plan } } as never, frame('en'))
  expect(mail.html).not.toContain('<script')
  expect(mail.html).toContain('&lt;script&gt;')
  expect(mail.subject).not.toMatch(/[\r\n]/)
})

test('a link that is no page is not linked', () => {
  const mail = writeMail(sampleMail('welcome', 'en', 'javascript:alert(1)'), frame('en'))
  expect(mail.html).not.toContain('href="javascript')
})

test('a test tenant’s mail says so first', () => {
  const mail = writeMail(sampleMail('welcome', 'en', url), frame('en', { test: true }))
  expect(mail.subject).toMatch(/^\[Test\]/)
  expect(mail.text).toMatch(/^TEST/)
})

test('spaces stand where Han meets Latin letters and digits', () => {
  expect(zh`${'Professional'}已开通`).toBe('Professional 已开通')
  expect(zh`${'专业版'}已开通`).toBe('专业版已开通')
  expect(zh`从${'尾号 4242'}扣款${12}次`).toBe('从尾号 4242 扣款 12 次')
})
