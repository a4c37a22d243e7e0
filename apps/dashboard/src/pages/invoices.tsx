// Invoices with their filter in the address, and one invoice.
import { InvoiceHistory } from '@quittance/billing-react/billing-react'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'

const list = getRouteApi('/invoices')
const one = getRouteApi('/invoices/$invoiceId')

export function InvoicesPage(): ReactNode {
  const { status, view } = list.useSearch()
  const navigate = list.useNavigate()
  return (
    <InvoiceHistory
      filter={status ?? 'all'}
      view={view ?? 'invoices'}
      onViewChange={next =>
        navigate({ to: '/invoices', search: next === 'invoices' ? {} : { view: next } })
      }
      onFilterChange={next =>
        navigate({ to: '/invoices', search: next === 'all' ? {} : { status: next } })
      }
    />
  )
}

export function InvoicePage(): ReactNode {
  const { invoiceId } = one.useParams()
  return <InvoiceHistory invoiceId={invoiceId} />
}
