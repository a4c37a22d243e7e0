// What a resource offers: routes, each answering one call inside a unit of work.

import type { FormRecord } from './form.ts'
import type { Work } from './state.ts'

export type Call = {
  work: Work
  params: FormRecord
  /** First id of the path, and the second where a path has two. */
  id: string
  subId: string
  caller: 'secret' | 'publishable'
}

export type Route = {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  /** May a browser call it with the publishable key? */
  publishable?: boolean
  answer(call: Call): unknown
}
