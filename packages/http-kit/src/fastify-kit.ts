// What both servers share around Fastify: request ids, problem+json for everything that goes wrong,
// an access log. Not routes, not authentication.

import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { logAccess } from './access-log.ts'
import { type Language, languageOf } from './language.ts'
import type { LogFacts } from './log-facts.ts'
import { type Problem, problem } from './problem.ts'
import { type FieldError, isRefusal, type RefusalDetails } from './refusal.ts'
import { requestIdFrom } from './request-id.ts'
import { fieldErrorsFrom, type SchemaFinding } from './validation-errors.ts'

/** A code with what completes it, ready for `sendProblem`. */
export interface ProblemCause {
  readonly code: string
  readonly details?: RefusalDetails | undefined
  readonly errors?: readonly FieldError[] | undefined
}

export interface KitOptions {
  /** Whether each request writes a line; default true. */
  readonly accessLog?: boolean
  /** Asked before a request is not found; true when it answered. */
  readonly fallback?: (request: FastifyRequest, reply: FastifyReply) => boolean
}

const malformedJson: ProblemCause = {
  code: 'invalid_request',
  errors: [
    { path: '', message: 'The body is not valid JSON.', messageZh: '请求内容不是有效的 JSON。' },
  ],
}

const unknownAddress: ProblemCause = {
  code: 'not_found',
  details: {
    noun: 'address',
    nounZh: '地址',
    hint: 'The API is under /api/v1/billing/ and described by /api/v1/billing/openapi.json.',
    hintZh: 'API 位于 /api/v1/billing/，接口说明见 /api/v1/billing/openapi.json。',
  },
}

const causesByFastifyCode: Readonly<Record<string, ProblemCause>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large', details: { limit: '1 MB' } },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'unsupported_media_type' },
  FST_ERR_CTP_INVALID_JSON_BODY: malformedJson,
  FST_ERR_CTP_EMPTY_JSON_BODY: malformedJson,
  FST_ERR_BAD_URL: unknownAddress,
  FST_ERR_MAX_PARAM_LENGTH: unknownAddress,
  FST_ERR_NOT_FOUND: unknownAddress,
}

function causeOfValidation(error: FastifyError): ProblemCause {
  // An id that is malformed or unknown is 404, never 400: it names nothing either way.
  if (error.validationContext === 'params') return { code: 'not_found' }
  const findings = (error.validation ?? []) as readonly SchemaFinding[]
  return { code: 'invalid_request', errors: fieldErrorsFrom(findings) }
}

function causeOfClientFault(status: number): ProblemCause {
  if (status === 404) return unknownAddress
  if (status === 413) return { code: 'body_too_large' }
  if (status === 415) return { code: 'unsupported_media_type' }
  return { code: 'invalid_request' }
}

/** What an error means to the caller; `internal_error` for everything that is no decision. */
export function causeOf(error: unknown): ProblemCause {
  if (isRefusal(error)) return error
  if (!(error instanceof Error)) return { code: 'internal_error' }
  const fault = error as FastifyError
  if (fault.validation !== undefined) return causeOfValidation(fault)
  const known = causesByFastifyCode[fault.code]
  if (known !== undefined) return known
  const status = fault.statusCode ?? 500
  if (error instanceof SyntaxError && status === 400) return malformedJson
  return status >= 400 && status < 500 ? causeOfClientFault(status) : { code: 'internal_error' }
}

/** Adds facts (tenant, subject) to the access log line of this request. Never secrets. */
export function addLogFacts(request: FastifyRequest, facts: LogFacts): void {
  request.logFacts = { ...request.logFacts, ...facts }
}

/** The language this request reads. */
export function languageOfRequest(request: FastifyRequest): Language {
  return languageOf(request.headers['accept-language'])
}

/** The problem of a cause for this request: its id and its language filled in. */
export function problemFor(request: FastifyRequest, cause: ProblemCause): Problem {
  return problem({
    code: cause.code,
    details: cause.details,
    errors: cause.errors,
    requestId: request.id,
    language: languageOfRequest(request),
  })
}

/** Answers with problem+json. The code also goes into the access log. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  cause: ProblemCause,
): FastifyReply {
  const { status, headers, body } = problemFor(request, cause)
  addLogFacts(request, { code: body.code })
  // Bytes, because Fastify appends a charset to texts, which problem+json does not define.
  return reply
    .code(status)
    .headers({ ...headers, 'x-request-id': request.id })
    .send(Buffer.from(JSON.stringify(body)))
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const cause = causeOf(error)
  if (cause.code === 'internal_error') request.log.error({ err: error }, 'fault')
  sendProblem(request, reply, cause)
}

function rawProblem(code: string): string {
  const requestId = requestIdFrom(undefined)
  const { status, headers, body } = problem({ code, requestId, language: 'en' })
  const content = JSON.stringify(body)
  const lines = Object.entries({
    ...headers,
    'x-request-id': requestId,
    'content-length': String(Buffer.byteLength(content)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${content}`
}

const codesOfParser: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/**
 * Answers bytes that are no HTTP request (RFC 9112): malformed, both Content-Length and
 * Transfer-Encoding, headers too large, too slow. There is no request object yet, so this writes to
 * the socket, and only when no answer is under way on it.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const underWay = (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage
  if (!socket.writable || underWay?.headersSent === true) {
    socket.destroy()
    return
  }
  const code = codesOfParser[error.code ?? ''] ?? 'invalid_request'
  socket.end(rawProblem(code), () => socket.destroy())
}

/** Options of the Fastify constructor that both servers share; spread them first. */
export function serverOptions(options: { readonly logger?: FastifyBaseLogger | undefined }) {
  return {
    genReqId: (raw: IncomingMessage) => requestIdFrom(raw.headers['x-request-id']),
    requestIdHeader: false,
    // Our own line per request replaces Fastify's two.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    clientErrorHandler: answerClientError,
    frameworkErrors: answerError,
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
  } as const
}

/**
 * Installs request ids, the error and not-found answers and the access log on a server. Call it before
 * any route is added.
 */
export function installKit(app: FastifyInstance, options: KitOptions = {}): void {
  app.decorateRequest('logFacts', null)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  if (options.accessLog !== false) {
    app.addHook('onResponse', (request, reply, done) => {
      logAccess(request.log, request, reply)
      done()
    })
  }
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) => {
    if (options.fallback?.(request, reply) !== true) sendProblem(request, reply, unknownAddress)
  })
}
