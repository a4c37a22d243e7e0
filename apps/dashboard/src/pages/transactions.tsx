// Transactions with their filters in the address.
import { TransactionsList } from '@quittance/billing-react/billing-react'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'

const route = getRouteApi('/transactions')

export function TransactionsPage(): ReactNode {
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <TransactionsList
      filters={filters}
      onFiltersChange={search => navigate({ to: '/transactions', search })}
    />
  )
}
