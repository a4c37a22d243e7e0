// Carries the requests of the real Stripe SDK straight to a sandbox in the same process: no sockets, no
// waiting, and a connection that breaks where the sandbox says so.
import type { Outcome } from '@quittance/stripe-sandbox/dispatch'
import type { SandboxCore } from '@quittance/stripe-sandbox/sandbox'
import type { ConnectOptions } from '../../adapters/stripe/connect.ts'

type HttpClient = NonNullable<ConnectOptions['httpClient']>

/** The SDK repeats `ECONNRESET` itself after half a second; this code is left to the adapter. */
function brokenBy(code: 'UND_ERR_SOCKET' | 'ETIMEDOUT'): Error {
  return Object.assign(new TypeError(code), { code })
}

function answerOf(outcome: Outcome) {
  if (outcome.kind === 'reset') throw brokenBy('UND_ERR_SOCKET')
  if (outcome.kind === 'silence') throw brokenBy('ETIMEDOUT')
  const { status, headers, body } = outcome.reply
  return {
    getStatusCode: () => status,
    getHeaders: () => headers,
    getRawResponse: () => outcome.reply,
    toStream: () => body,
    toJSON: async () => JSON.parse(body),
  }
}

/** The SDK's HTTP client for a sandbox; `seen` is told of each request and how it ended. */
export function inProcess(
  sandbox: Pick<SandboxCore, 'handle'>,
  seen: (method: string, path: string, outcome: Outcome['kind']) => void = () => undefined,
): HttpClient {
  return {
    getClientName: () => 'in-process',
    async makeRequest(_host, _port, path, method, headers, requestData) {
      const lower = Object.fromEntries(
        Object.entries(headers as Record<string, string | number>).map(([name, value]) => [
          name.toLowerCase(),
          String(value),
        ]),
      )
      const request = { method, url: path, headers: lower, body: requestData ?? '' }
      const outcome = await sandbox.handle(request)
      seen(method, path, outcome.kind)
      return answerOf(outcome)
    },
  }
}
