// Holds an answer against the OpenAPI document: its status is listed for the operation, its media type and its
// body are the ones described, and it speaks of no other tenant.
import { openApiDocument } from '@quittance/billing-contract/openapi'
import type { Route } from '@quittance/billing-contract/route'
import { basePath, type RouteName, routes } from '@quittance/billing-contract/routes'
import { Problem } from '@quittance/billing-contract/schemas/values'
import { Compile, type Validator } from 'typebox/compile'

export interface Heard {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly requestId: string | undefined
  /** Whether it is the kept answer to an earlier request, whose id it tells. */
  readonly replayed: boolean
}

interface Described {
  readonly content?: Readonly<
    Record<
      string,
      { schema?: { allOf?: readonly { properties?: { code: { enum: string[] } } }[] } }
    >
  >
}

/** Says what is wrong with an answer; null: nothing. */
export type Judge = (answer: Heard) => string | null

const problemShape = Compile(Problem)
const document = openApiDocument()

const complaints = (validator: Validator, body: unknown): string =>
  validator
    .Errors(body)
    .slice(0, 3)
    .map(error => `${error.instancePath} ${error.keyword}`)
    .join('; ')

function parsed(text: string): { readonly body: unknown } | null {
  try {
    return { body: JSON.parse(text) }
  } catch {
    return null
  }
}

function judgeProblem(described: Described, answer: Heard): string | null {
  if (answer.type !== 'application/problem+json') return `a refusal of type ${answer.type}`
  const json = parsed(answer.text)
  if (json === null) return 'a refusal that is no JSON'
  if (!problemShape.Check(json.body)) return `no problem: ${complaints(problemShape, json.body)}`
  const { status, code, requestId } = json.body as {
    status: number
    code: string
    requestId: string
  }
  if (status !== answer.status) return `a problem that says ${status} under ${answer.status}`
  if (requestId !== answer.requestId && !answer.replayed) return 'a problem with another request id'
  const codes = described.content?.['application/problem+json']?.schema?.allOf?.[1]?.properties
  return codes?.code.enum.includes(code) === true ? null : `the code ${code} is not listed`
}

function judgeReply(route: Route, described: Described, reply: Validator | null, answer: Heard) {
  if (route.status === 204) return answer.text === '' ? null : 'a body under 204'
  const types = Object.keys(described.content ?? {})
  if (!types.includes(answer.type.split(';')[0]!)) return `an answer of type ${answer.type}`
  if (reply === null) return null
  const json = parsed(answer.text)
  if (json === null) return 'an answer that is no JSON'
  return reply.Check(json.body) ? null : `another shape: ${complaints(reply, json.body)}`
}

/** The judge of one operation. */
export function judgeOf(name: RouteName): Judge {
  const route: Route = routes[name]
  const path = basePath + route.path.replace(/:(\w+)/g, '{$1}')
  const operation = document.paths[path]![route.method.toLowerCase()] as unknown as {
    responses: Record<string, Described>
  }
  const reply = route.reply === null ? null : Compile(route.reply)
  return answer => {
    if (answer.status === 500) return 'a fault (500)'
    const described = operation.responses[String(answer.status)]
    if (described === undefined) {
      const code = (parsed(answer.text)?.body as { code?: string } | undefined)?.code
      return `the status ${answer.status} is not listed (${code})`
    }
    // The database and the sandbox are there all the time.
    if (answer.status === 503) return `unavailable: ${answer.text.slice(0, 200)}`
    if (answer.status >= 400) return judgeProblem(described, answer)
    if (answer.status !== route.status) return `${answer.status} instead of ${route.status}`
    return judgeReply(route, described, reply, answer)
  }
}
