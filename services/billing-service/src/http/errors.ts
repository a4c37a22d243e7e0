// The proof that core's refusals and the contract's are the same list. Neither may import the other; a
// code that stands in only one of them is a type error here.
import type { ContractRefusalCode } from '@quittance/billing-contract/refusals'
import type { RefusalCode } from '../core/refusal.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never

/** True at compile time or not at all. */
export const refusalListsAgree: Same<RefusalCode, ContractRefusalCode> = true
