// What a payer reads when a payment was declined, in both languages. Lost, stolen and suspected
// cards read as a plain decline, so that a finder of the card learns nothing. Not the rules: those
// are in declines.ts.

export interface Sentence {
  readonly en: string
  readonly 'zh-CN': string
}

/** The cause, and what became of the money where that is not simply "nothing was charged". */
interface Cause extends Sentence {
  readonly safe?: Sentence
}

const nothingCharged: Sentence = {
  en: 'Nothing was charged.',
  'zh-CN': '扣款未成功，未产生费用。',
}

const causes = {
  declined: { en: 'Your bank declined this payment.', 'zh-CN': '银行拒绝了这笔付款' },
  funds: {
    en: 'Your bank declined this payment: not enough funds.',
    'zh-CN': '账户余额不足',
  },
  limit: {
    en: 'Your bank declined this payment: a limit of the card or account is reached.',
    'zh-CN': '已达到该卡或账户的交易限额',
  },
  technical: {
    en: 'The bank could not process this payment just now.',
    'zh-CN': '银行暂时无法处理这笔付款',
  },
  authentication: {
    en: 'Your bank asks you to confirm this payment.',
    'zh-CN': '银行要求您先确认这笔付款',
  },
  expired: {
    en: 'Your bank declined this payment: the card has expired.',
    'zh-CN': '该卡已过期',
  },
  securityCode: {
    en: 'Your bank declined this payment: the security code is not right.',
    'zh-CN': '卡的安全码有误',
  },
  cardNumber: {
    en: 'Your bank declined this payment: the card number is not right.',
    'zh-CN': '卡号有误',
  },
  expiryDate: {
    en: 'Your bank declined this payment: the expiry date is not right.',
    'zh-CN': '卡的有效期有误',
  },
  address: {
    en: 'Your bank declined this payment: the billing address does not match.',
    'zh-CN': '账单地址与银行记录不符',
  },
  pin: {
    en: 'Your bank declined this payment: it asks for a PIN, which cannot be entered here.',
    'zh-CN': '银行要求输入密码，此处无法完成',
  },
  accountDetails: {
    en: 'Your bank declined this payment: the account details are not right.',
    'zh-CN': '账户信息有误',
  },
  unsupported: {
    en: 'Your bank declined this payment: it does not allow this kind of payment.',
    'zh-CN': '该支付方式不支持此类付款',
  },
  currency: {
    en: 'Your bank declined this payment: the card does not take this currency.',
    'zh-CN': '该卡不支持此币种',
  },
  replaced: {
    en: 'Your bank has issued new details for this card.',
    'zh-CN': '银行已更新该卡信息',
  },
  withdrawn: {
    en: 'Your bank declined this payment: the permission to charge was withdrawn.',
    'zh-CN': '这项扣款授权已取消',
  },
  closed: {
    en: 'Your bank declined this payment: the account is closed.',
    'zh-CN': '该账户已关闭',
  },
  blocked: {
    en: 'Your bank declined this payment: the account cannot be debited.',
    'zh-CN': '该账户无法扣款',
  },
  unusable: {
    en: 'This payment method can no longer be used.',
    'zh-CN': '该支付方式已无法使用',
  },
  amount: { en: 'This amount cannot be charged this way.', 'zh-CN': '该金额无法以此方式扣款' },
  duplicate: {
    en: 'An equal payment was made just before, so this one was stopped.',
    'zh-CN': '刚才已有一笔相同的付款',
    safe: { en: 'It was not charged a second time.', 'zh-CN': '本次付款已停止，未重复扣款。' },
  },
  testCard: {
    en: 'This is a test card, and only real cards can pay here.',
    'zh-CN': '这是测试卡，此处仅接受真实银行卡',
  },
  testSystem: {
    en: 'This is a test system, and it takes test cards only.',
    'zh-CN': '这是测试系统，仅接受测试卡',
  },
  ours: {
    en: 'We could not process this payment; your bank was not the reason.',
    'zh-CN': '因我方原因，这笔付款未能处理',
  },
} as const satisfies Record<string, Cause>

export type DeclineCause = keyof typeof causes

const steps = {
  wait_or_change: {
    en: 'Try again later or use another payment method.',
    'zh-CN': '您可以稍后再试，或更换支付方式。',
  },
  ask_bank_or_change: {
    en: 'Use another payment method, or ask your bank and try again.',
    'zh-CN': '您可以更换支付方式，或咨询您的银行后再试。',
  },
  authenticate: {
    en: 'Open the payment page and confirm it with your bank.',
    'zh-CN': '请打开付款页面，完成银行验证。',
  },
  correct_details: {
    en: 'Check the details and enter them again.',
    'zh-CN': '请核对信息后重新填写。',
  },
  change_method: { en: 'Use another payment method.', 'zh-CN': '请更换支付方式。' },
  review_payments: {
    en: 'Look at your payments before you pay again.',
    'zh-CN': '再次付款前，请先查看付款记录。',
  },
  contact_us: { en: 'Contact us, and we put it right.', 'zh-CN': '请联系我们处理。' },
} as const satisfies Record<string, Sentence>

/** The one next step to offer. */
export type DeclineStep = keyof typeof steps

/** Cause, what is safe, next step: the order in which a payer needs them. */
export function declineSentence(cause: DeclineCause, step: DeclineStep): Sentence {
  const why: Cause = causes[cause]
  const safe = why.safe ?? nothingCharged
  return {
    en: `${why.en} ${safe.en} ${steps[step].en}`,
    'zh-CN': `${why['zh-CN']}，${safe['zh-CN']}${steps[step]['zh-CN']}`,
  }
}
