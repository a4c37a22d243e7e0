// Card and bank account numbers never come further than this: whatever holds one is refused before it is checked,
// claimed under a key, or stored.
import type { Route } from '@quittance/billing-contract/route'
import { findAccountNumber } from '@quittance/http-kit/account-numbers'
import { HttpRefusal } from '@quittance/http-kit/refusal'
import type { FastifyRequest } from 'fastify'

const kindsZh: Readonly<Record<string, string>> = {
  'card number': '银行卡号',
  'bank account number': '银行账号',
  'card security code or account field': '银行卡安全码或账号字段',
}

/** Refuses `account_number_refused` and names the field, never what stands in it. */
export function refuseAccountNumbers(route: Route, request: FastifyRequest): void {
  for (const part of [request.params, request.query, request.body]) {
    const found = findAccountNumber(part)
    if (found === null) continue
    if (found.kind === 'bank account number' && route.printsAccount === true) continue
    const { path, kind } = found
    const kindZh = kindsZh[kind] ?? kind
    const message = `This looks like a ${kind}; it was not stored.`
    const errors = [{ path, message, messageZh: `疑似${kindZh}，未存储。` }]
    throw new HttpRefusal('account_number_refused', { kind, kindZh }, errors)
  }
}
