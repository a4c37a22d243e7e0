// RFC 9457 problem details for every refusal and fault, in the caller's language. Not the decision to
// refuse: a code comes in, an HTTP answer comes out.

import { refusals } from '@quittance/billing-contract/refusals'
import type { Language } from './language.ts'
import type { FieldError, RefusalDetails } from './refusal.ts'

interface MessageEntry {
  readonly status: number
  readonly en: string
  readonly 'zh-CN': string
}

/** Answers that are no decision about the request: something broke, or HTTP itself was violated. */
export const faults = {
  internal_error: {
    status: 500,
    en: 'Something went wrong on our side. It has been logged; quote the request id when you ask.',
    'zh-CN': '服务端出现问题，已记录日志。如需咨询，请提供请求编号。',
  },
  bad_gateway: {
    status: 502,
    en: 'The billing service cannot be reached right now. Try again shortly.',
    'zh-CN': '暂时无法连接计费服务，请稍后重试。',
  },
  gateway_timeout: {
    status: 504,
    en: 'The billing service did not answer in time. The request may still take effect: read the object before repeating, or repeat with the same Idempotency-Key.',
    'zh-CN':
      '计费服务未能及时响应。该请求仍可能生效：请先查询对象再重试，或使用相同的 Idempotency-Key 重试。',
  },
  request_timeout: {
    status: 408,
    en: 'The request did not arrive in time.',
    'zh-CN': '请求未能在限定时间内发送完毕。',
  },
  headers_too_large: {
    status: 431,
    en: 'The request headers are too large.',
    'zh-CN': '请求头过大。',
  },
} as const satisfies Record<string, MessageEntry>

/** Every code that an answer can carry, with its status and its sentence in both languages. */
export const problemMessages: Readonly<Record<string, MessageEntry>> = { ...refusals, ...faults }

export interface ProblemInput {
  /** A refusal code of the contract or a fault code of this file; an unknown one is a fault. */
  readonly code: string
  readonly details?: RefusalDetails | undefined
  readonly errors?: readonly FieldError[] | undefined
  readonly requestId: string
  readonly language: Language
  /** A URI of this very occurrence (RFC 9457, 3.1.5). */
  readonly instance?: string | undefined
}

export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly requestId: string
  readonly errors: readonly { readonly path: string; readonly message: string }[]
  readonly instance?: string
  readonly [member: string]: unknown
}

export interface Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

export const problemContentType = 'application/problem+json'

const fallbackDetails: RefusalDetails = {
  noun: 'object',
  nounZh: '对象',
  part: 'a dependency',
  partZh: '依赖组件',
  limit: '1 MB',
  sentence: 'The payment was declined.',
  sentenceZh: '付款被拒绝。',
}

const standardMembers = new Set([
  'type',
  'title',
  'status',
  'detail',
  'instance',
  'code',
  'requestId',
  'errors',
  'sentence',
])

/** Own properties only: a template may never read `constructor` and the like. */
function detailOf(details: RefusalDetails, name: string): string | undefined {
  const value = Object.hasOwn(details, name) ? details[name] : undefined
  return value === undefined || value === null ? undefined : String(value)
}

function wordFor(details: RefusalDetails, name: string, language: Language): string | undefined {
  const localised = language === 'zh-CN' ? detailOf(details, `${name}Zh`) : undefined
  return localised ?? detailOf(details, name)
}

/**
 * Fills `{name}` from the details, in Chinese from `nameZh` where there is one. An aside in brackets
 * that lacks its word is left out, any other missing word becomes an ellipsis: never a brace.
 */
export function fillTemplate(
  template: string,
  details: RefusalDetails,
  language: Language,
): string {
  const word = (name: string): string | undefined =>
    wordFor(details, name, language) ?? wordFor(fallbackDetails, name, language)
  const withoutEmptyAsides = template.replace(/ ?[(（]\{(\w+)\}[)）]/g, (aside, name: string) =>
    word(name) === undefined ? '' : aside,
  )
  return withoutEmptyAsides.replace(/\{(\w+)\}/g, (_, name: string) => word(name) ?? '…')
}

/** The English name of a problem type; the same for every occurrence (RFC 9457, 3.1.3). */
function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function extraMembers(details: RefusalDetails, language: Language): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(details)) {
    const isWording = name.endsWith('Zh') && Object.hasOwn(details, name.slice(0, -2))
    if (value === null || isWording || standardMembers.has(name)) continue
    members[name] = language === 'zh-CN' ? (details[`${name}Zh`] ?? value) : value
  }
  return members
}

function headersFor(status: number, language: Language, details: RefusalDetails) {
  const headers: Record<string, string> = {
    'content-type': problemContentType,
    'content-language': language,
    'cache-control': 'no-store',
  }
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (status === 429) headers['retry-after'] = detailOf(details, 'seconds') ?? '1'
  if (status === 503) headers['retry-after'] = detailOf(details, 'seconds') ?? '5'
  return headers
}

/**
 * The answer to a refusal or a fault: status, headers and body. `type` is a stable relative URI,
 * `detail` is in the caller's language, and the details become members beside it (`declineCode`,
 * `advice`). Faults carry no details; a code that neither list knows is an `internal_error`.
 */
export function problem(input: ProblemInput): Problem {
  const { language, requestId } = input
  const code = Object.hasOwn(problemMessages, input.code) ? input.code : 'internal_error'
  const entry = problemMessages[code] ?? faults.internal_error
  const isFault = Object.hasOwn(faults, code)
  const details = isFault ? {} : (input.details ?? {})
  const errors = (isFault ? [] : (input.errors ?? [])).map(error => ({
    path: error.path,
    message: language === 'zh-CN' ? (error.messageZh ?? error.message) : error.message,
  }))
  return {
    status: entry.status,
    headers: headersFor(entry.status, language, details),
    body: {
      type: `/problems/${code}`,
      title: titleOf(code),
      status: entry.status,
      detail: fillTemplate(entry[language], details, language).trim(),
      code,
      requestId,
      errors,
      ...(input.instance === undefined ? {} : { instance: input.instance }),
      ...extraMembers(details, language),
    },
  }
}
