// Where a part of the conformance run takes place: a sandbox, its recorders, a receiver of webhooks,
// and clients of all of them. It judges nothing by itself.

import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePort } from '@quittance/http-kit/free-port'
import { type Sandbox, startSandbox } from '@quittance/stripe-sandbox/server'
import { clientOf } from '@quittance/stripe-sandbox/test-client'
import { type Steering, steeringOf } from '@quittance/stripe-sandbox/test-steering'
import Stripe from 'stripe'
import { makeStripeProcessor } from '../../src/adapters/stripe/processor.ts'
import { type Checker, startChecker } from './checker.ts'
import { type Recorder, startRecorder } from './recorder.ts'
import type { Shapes } from './shapes.ts'

/** What one ground has seen, as the closing summary adds it up. */
export interface Totals {
  requests: number
  answers: number
  webhooks: number
  violations: number
  routes: string[]
  checker: { requests: number; answers: number; webhooks: number; notes: number } | null
  closingLine: string | null
}

export interface Ground {
  readonly sandbox: Sandbox
  /** The official SDK, all of whose traffic is recorded. */
  readonly stripe: Stripe
  /** The SDK straight to the sandbox: for requests that are wrong on purpose. */
  readonly direct: Stripe
  /** Where the recorded API is reached. */
  readonly apiBase: string
  readonly steer: Steering
  readonly recorder: Recorder
  /** Types of the events that were delivered, in the order of their arrival. */
  delivered(): readonly string[]
  /** Waits for what is on its way, then tells every problem found since the last time. */
  settle(): Promise<string[]>
  close(): Promise<void>
}

const secret = 'whsec_conformance'
/** Where the run keeps what was sent and answered; without one, nothing is kept or checked outside. */
const logs = process.env.CONFORMANCE_LOGS ?? ''
const givenChecker = logs === '' ? '' : (process.env.CONFORMANCE_CHECKER ?? '')

const readingProcessor = makeStripeProcessor({
  secretKey: 'sk_test_unused',
  webhookSecrets: [secret],
})

/** An event as a receiver sees it: signed, of a known shape, and readable by our own adapter. */
async function eventProblems(shapes: Shapes, body: Buffer, signature: string): Promise<string[]> {
  const problems: string[] = []
  const event = await Stripe.webhooks
    .constructEventAsync(body, signature, secret)
    .catch((failure: unknown) => {
      problems.push(`its signature is refused: ${String(failure)}`)
      return null
    })
  const json = JSON.parse(body.toString('utf8')) as Stripe.Event
  problems.push(...shapes.problemsOf(json))
  if (!event) return problems
  const hint = readingProcessor.readEvent(body, signature, Date.now())
  const object = json.data.object as { object: string; id?: string }
  if (hint.eventId !== json.id) problems.push('the adapter reads another event')
  if (hint.objectId !== (object.id ?? '')) problems.push('the adapter reads another object')
  return problems
}

interface Receiver {
  readonly url: string
  readonly types: string[]
  readonly problems: string[]
  close(): Promise<void>
}

async function startReceiver(shapes: Shapes): Promise<Receiver> {
  const types: string[] = []
  const problems: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(Buffer.from(chunk)))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const signature = String(request.headers['stripe-signature'])
      eventProblems(shapes, body, signature)
        .then(found => {
          const { type } = JSON.parse(body.toString('utf8')) as { type: string }
          types.push(type)
          problems.push(...found.map(problem => `webhook ${type}: ${problem}`))
        })
        .catch((failure: unknown) => problems.push(`webhook: ${String(failure)}`))
        .finally(() => response.end())
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    types,
    problems,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

interface Parts {
  readonly sandbox: Sandbox
  readonly recorder: Recorder
  readonly receiver: Receiver
  readonly checker: Checker | null
}

async function startParts(name: string, shapes: Shapes, checkerFile: string): Promise<Parts> {
  const receiver = await startReceiver(shapes)
  const hookPort = await freePort()
  const url = checkerFile === '' ? receiver.url : `http://127.0.0.1:${hookPort}/`
  const sandbox = await startSandbox({ webhooks: [{ url, secret }] })
  const checker =
    checkerFile === ''
      ? null
      : await startChecker({
          file: checkerFile,
          log: join(logs, `${name}.jsonl`),
          target: sandbox.url,
          hookPort,
          hookForward: receiver.url,
          secret,
        })
  const recorder = await startRecorder(shapes, checker?.port ?? sandbox.port)
  return { sandbox, recorder, receiver, checker }
}

async function takeProblems({ sandbox, recorder, receiver, checker }: Parts): Promise<string[]> {
  await sandbox.state.delivered()
  const { answers } = recorder.counts()
  const seen = (await checker?.takeProblems(answers, receiver.types.length)) ?? []
  return [...recorder.takeProblems(), ...receiver.problems.splice(0), ...seen]
}

/** The proxies end first: a connection cut by the end of the sandbox is nobody's violation. */
async function closeParts({ sandbox, recorder, receiver, checker }: Parts): Promise<string | null> {
  await recorder.close()
  const closingLine = (await checker?.close()) ?? null
  await sandbox.close()
  await receiver.close()
  return closingLine
}

/** Starts a ground; `name` tells its log apart from the others'. No checker is '' for its file. */
export async function startGround(
  name: string,
  shapes: Shapes,
  checkerFile = givenChecker,
): Promise<Ground> {
  const parts = await startParts(name, shapes, checkerFile)
  const { sandbox, recorder, receiver, checker } = parts
  let violations = 0
  return {
    sandbox,
    recorder,
    stripe: clientOf({ port: recorder.port, secretKey: sandbox.secretKey }),
    direct: clientOf(sandbox),
    apiBase: `http://127.0.0.1:${recorder.port}`,
    steer: steeringOf(sandbox),
    delivered: () => receiver.types,
    async settle() {
      const problems = await takeProblems(parts)
      violations += problems.length
      return problems
    },
    async close() {
      const closingLine = await closeParts(parts)
      const seen = checker?.counts()
      const totals: Totals = {
        ...recorder.counts(),
        webhooks: receiver.types.length,
        violations,
        routes: [...recorder.called()],
        checker: seen
          ? {
              requests: seen.request,
              answers: seen.response,
              webhooks: seen.webhook,
              notes: seen.notes,
            }
          : null,
        closingLine,
      }
      if (logs !== '') writeFileSync(join(logs, `${name}.totals.json`), JSON.stringify(totals))
    },
  }
}
