// What the console reads of refunds, credits and write-offs that wait for a second person.
import { usePages } from '@quittance/billing-react/data/read'
import type { Search } from '../address.ts'
import { spanOf } from '../parts/filters.tsx'
import type { ApprovalRow } from './wire.ts'

const pageSize = 50

export const approvalStatuses = ['waiting', 'approved', 'declined', 'expired'] as const

export const useApprovals = (search: Search) => {
  const status = approvalStatuses.find(each => each === search.status) ?? 'waiting'
  const query = {
    status,
    ...(search.tenantId ? { tenantId: search.tenantId } : {}),
    ...spanOf(search),
  }
  return usePages<ApprovalRow>(['issuer', 'approvals', query], (client, cursor, options) =>
    client.listIssuerApprovals(
      { limit: pageSize, ...query, ...(cursor === undefined ? {} : { cursor }) },
      options,
    ),
  )
}
