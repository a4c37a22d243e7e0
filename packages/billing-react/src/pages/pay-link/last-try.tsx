// What became of the last try to pay, before the next one: why it failed, or that a page to pay on is open.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { PayLinkView } from '../../data/pay-link.ts'
import { Icon } from '../../parts/icon.tsx'
import { hasOpenCheckout } from '../../states/pay-link-state.ts'
import { brandName } from '../../words/names.ts'
import type { Translate } from '../../words/words.ts'

/** The method of the last try as its owner knows it; null when it had none yet. */
export function triedMethod({ lastTry }: PayLinkView, t: Translate): string | null {
  if (!lastTry?.method) return null
  const { brand, last4 } = lastTry.method
  return brand === null
    ? t('method.bank', { bank: t('method.bankAccount'), last4 })
    : t('method.card', { brand: brandName(brand, t), last4 })
}

export function LastTry({ view }: { readonly view: PayLinkView }): ReactNode {
  const { t } = useBilling()
  if (hasOpenCheckout(view)) {
    return (
      <div className="qt-banner qt-tone-info">
        <Icon name="hourglass" />
        <div>{t('pay.checkoutOpen')}</div>
      </div>
    )
  }
  if (view.lastTry?.status !== 'failed') return null
  const day = { day: view.lastTry.at }
  const method = triedMethod(view, t)
  return (
    <div className="qt-banner qt-tone-warn">
      <Icon name="exclamation" />
      <div>
        <p className="qt-strong">
          {method ? t('pay.failedWith', { day, method }) : t('pay.failed', { day })}
        </p>
        {view.lastTry.message ? <p>{view.lastTry.message}</p> : null}
      </div>
    </div>
  )
}
