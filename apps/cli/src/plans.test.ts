import { describe, expect, it } from 'vitest'
import { changeLines, differs, type PlanChange } from './plans.ts'

const change = (more: Partial<PlanChange>): PlanChange => ({
  code: 'starter',
  change: 'unchanged',
  version: 1,
  fields: [],
  ...more,
})

describe('a diff of plans', () => {
  it('names each changed field with what it was and what it becomes', () => {
    const fields = [
      { path: 'prices/USD/monthly', from: '29.00', to: '35.00' },
      { path: 'features/audit_log', from: null, to: 'true' },
      { path: 'limits/projects', from: '3', to: null },
    ]
    expect(changeLines([change({ change: 'changed', version: 2, fields })])).toEqual([
      '~ starter: becomes version 2; subscriptions keep theirs',
      '    ~ prices/USD/monthly: 29.00 -> 35.00',
      '    + features/audit_log: true',
      '    - limits/projects: 3',
    ])
  })

  it('differs for a new, a changed and a retired plan, not for one that the file leaves out', () => {
    const differ = (of: string) => differs([change({ change: of })])
    expect(['added', 'changed', 'retired'].map(differ)).toEqual([true, true, true])
    expect(['unchanged', 'not_listed'].map(differ)).toEqual([false, false])
  })
})
