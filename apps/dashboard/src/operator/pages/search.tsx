// One field for what an operator has at hand: the beginning of a tenant's id, or the number of an invoice.

import { EmptyTeach } from '@quittance/billing-react/billing-react'
import { Button, Input } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useAddress } from '../address.ts'
import { useIssuerInvoices, useTenants } from '../data/lists.ts'
import { ConsolePage } from '../parts/console-page.tsx'
import { RecordList } from '../parts/record-list.tsx'
import { useWords } from '../words/words.ts'
import { useInvoiceColumns } from './invoices.tsx'
import { useTenantColumns } from './tenants.tsx'

function SearchField({ onSearch }: { readonly onSearch: (text: string) => void }): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const [text, setText] = useState(search.q ?? '')
  const id = useId()
  return (
    <search className="op-filters" aria-label={t('search.title')}>
      <form
        className="op-filters"
        onSubmit={event => {
          event.preventDefault()
          onSearch(text.trim())
        }}
      >
        <div className="op-filter">
          <label className="qt-label" htmlFor={id}>
            {t('search.field')}
          </label>
          <Input
            id={id}
            value={text}
            maxLength={128}
            autoComplete="off"
            spellCheck={false}
            onChange={event => setText(event.target.value)}
          />
        </div>
        <Button type="primary" htmlType="submit" disabled={text.trim() === ''}>
          {t('search.go')}
        </Button>
      </form>
    </search>
  )
}

function Found({ text }: { readonly text: string }): ReactNode {
  const t = useWords()
  const tenants = useTenants({ q: text })
  const invoices = useIssuerInvoices({ invoiceNumber: text.toUpperCase() })
  return (
    <>
      <section aria-label={t('tenants.title')}>
        <h2 className="qt-section-title">{t('tenants.title')}</h2>
        <RecordList
          caption={t('tenants.title')}
          pages={tenants}
          columns={useTenantColumns()}
          rowKey={row => row.tenantId}
          exportName="tenants"
          empty={{ title: t('search.noTenant'), hint: t('search.begin') }}
        />
      </section>
      <section aria-label={t('invoices.title')}>
        <h2 className="qt-section-title">{t('invoices.title')}</h2>
        <RecordList
          caption={t('invoices.title')}
          pages={invoices}
          columns={useInvoiceColumns()}
          rowKey={row => row.id}
          exportName="invoices"
          empty={{ title: t('search.noInvoice'), hint: t('search.whole') }}
        />
      </section>
    </>
  )
}

export function SearchPage(): ReactNode {
  const t = useWords()
  const { search, change } = useAddress()
  return (
    <ConsolePage title={t('search.title')} intro={t('search.intro')}>
      <SearchField key={search.q ?? ''} onSearch={q => change({ q, sort: null })} />
      {search.q ? (
        <Found key={search.q} text={search.q} />
      ) : (
        <EmptyTeach title={t('search.start')} hint={t('search.startHint')} />
      )}
    </ConsolePage>
  )
}
