// The usage explorer with its metric in the address.
import { UsageExplorer } from '@quittance/billing-react/billing-react'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'

const route = getRouteApi('/usage')

export function UsagePage(): ReactNode {
  const { metric } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <UsageExplorer
      metric={metric}
      onMetricChange={next => navigate({ to: '/usage', search: { metric: next } })}
    />
  )
}
