// Stands between the SDK and the sandbox: passes every request on, and holds every answer to the
// SDK's types and to the rules of error bodies. It changes nothing.
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { routes } from '@quittance/stripe-sandbox/routes'
import type { Shapes } from './shapes.ts'

export interface Recorder {
  readonly port: number
  /** Requests that were passed on, and those that an answer came back for. */
  counts(): { requests: number; answers: number }
  /** The routes that were called, such as `POST /v1/refunds`. */
  called(): ReadonlySet<string>
  /** Problems found since the last time this was asked. */
  takeProblems(): string[]
  close(): Promise<void>
}

const steps = (path: string) => path.split('/').filter(step => step !== '')

/** The sandbox's route of a request, with `:id` for ids; the path itself when it has none. */
function routeOf(method: string, url: string): string {
  const given = steps(url.split('?')[0] ?? '')
  const fits = (path: string, exactly: boolean) => {
    const wanted = steps(path)
    if (wanted.length !== given.length) return false
    return wanted.every((step, at) => step === given[at] || (!exactly && step.startsWith(':')))
  }
  const known = routes.filter(route => route.method === method)
  const found =
    known.find(route => fits(route.path, true)) ?? known.find(route => fits(route.path, false))
  return `${method} ${found?.path ?? `/${given.join('/')}`}`
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const errorTypes = ['api_error', 'card_error', 'idempotency_error', 'invalid_request_error']
const named = ['charge', 'payment_intent', 'payment_method', 'setup_intent', 'source'] as const

type ErrorBody = Readonly<Record<string, unknown>>

function errorProblems(shapes: Shapes, status: number, body: unknown): string[] {
  const error = (body as { error?: ErrorBody } | null)?.error
  if (typeof error !== 'object' || error === null) return ['there is no error object']
  const { type, code, message, decline_code: declineCode } = error
  const rules: [boolean, string][] = [
    [errorTypes.includes(String(type)), `error.type is ${String(type)}`],
    [typeof message === 'string' && message !== '', 'error.message is missing'],
    [(status === 402) === (type === 'card_error'), `error.type is ${String(type)}`],
    [type !== 'card_error' || typeof code === 'string', 'error.code is missing'],
    [code !== 'card_declined' || typeof declineCode === 'string', 'error.decline_code is missing'],
    [status !== 404 || code === 'resource_missing', 'error.code is not resource_missing'],
  ]
  const broken = rules.filter(([holds]) => !holds).map(([, problem]) => problem)
  const objects = named.filter(name => typeof error[name] === 'object')
  return [...broken, ...objects.flatMap(name => shapes.problemsOf(error[name]))]
}

function answerProblems(shapes: Shapes, answer: IncomingMessage, body: Buffer): string[] {
  const { headers, statusCode: status = 0 } = answer
  const problems: string[] = []
  if (!headers['request-id']) problems.push('there is no Request-Id')
  if (!/^application\/json/.test(headers['content-type'] ?? '')) problems.push('it is not JSON')
  let json: unknown
  try {
    json = JSON.parse(body.toString('utf8'))
  } catch {
    return [...problems, 'the body cannot be read as JSON']
  }
  const found = status < 400 ? shapes.problemsOf(json) : errorProblems(shapes, status, json)
  return [...problems, ...found]
}

interface Recording {
  readonly shapes: Shapes
  readonly target: number
  requests: number
  answers: number
  problems: string[]
  readonly called: Set<string>
}

async function pass(
  recording: Recording,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request)
  const { method = 'GET', url = '/', headers } = request
  const route = routeOf(method, url)
  recording.called.add(route)
  recording.requests += 1
  const options = { host: '127.0.0.1', port: recording.target, method, path: url, headers }
  const onward = send({ ...options, agent: false }, answer => {
    bodyOf(answer)
      .then(answered => {
        const { statusCode = 502 } = answer
        recording.answers += 1
        for (const problem of answerProblems(recording.shapes, answer, answered)) {
          recording.problems.push(`answer ${statusCode} to ${route}: ${problem}`)
        }
        const { 'transfer-encoding': _chunked, ...kept } = answer.headers
        response.writeHead(statusCode, { ...kept, 'content-length': answered.length })
        response.end(answered)
      })
      .catch(() => response.destroy())
  })
  // A connection that breaks on purpose breaks for the caller too.
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  onward.end(body)
}

/** Starts a recorder on a free port of 127.0.0.1 that passes requests on to the port `target`. */
export async function startRecorder(shapes: Shapes, target: number): Promise<Recorder> {
  const recording: Recording = {
    shapes,
    target,
    requests: 0,
    answers: 0,
    problems: [],
    called: new Set(),
  }
  const server = createServer((request, response) => {
    pass(recording, request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    counts: () => ({ requests: recording.requests, answers: recording.answers }),
    called: () => recording.called,
    takeProblems: () => recording.problems.splice(0),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
