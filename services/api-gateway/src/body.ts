// Reads a request body whole, up to a limit, before anything is forwarded: so an oversized body never
// reaches the billing service, chunked or not, and a slow sender never holds one of its connections.

import type { IncomingMessage } from 'node:http'

/**
 * `overloaded`: the gateway holds as many bytes as it may. `aborted`: the sender went away, there is
 * nobody to answer.
 */
export type BodyOutcome =
  | { readonly kind: 'read'; readonly bytes: Buffer | null }
  | { readonly kind: 'too_large' | 'overloaded' | 'aborted' }

export interface BodyReader {
  /** The body, null when the request has none. */
  read(request: IncomingMessage): Promise<BodyOutcome>
}

export interface BodyReaderOptions {
  /** The most bytes of one body. */
  readonly bytesMax: number
  /** The most bytes of all bodies being read at one time. */
  readonly heldBytesMax: number
}

/** A refused body is still taken off the wire, so that its sender can read the answer; up to here. */
const discardedBytesMax = 64 * 1024 * 1024

/** Whether a request announces a body at all (RFC 9112, 6.3). */
function hasBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  return encoding !== undefined || (length !== undefined && length !== '0')
}

/** Whether the announced length alone is over the limit. */
export function announcesTooMuch(request: IncomingMessage, bytesMax: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > bytesMax
}

/**
 * Takes the rest of a refused body off the wire without keeping it. Closing at once instead would
 * reset the connection and destroy the answer before many clients read it. Over 64 MB it closes.
 */
export function discardBody(request: IncomingMessage): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > discardedBytesMax) request.destroy()
  })
  request.on('error', () => undefined)
  request.resume()
}

/** Whether a body is there that nobody has begun to read. */
export function isUnread(request: IncomingMessage): boolean {
  return hasBody(request) && !request.complete && request.listenerCount('data') === 0
}

/** A reader whose bodies together never hold more than `heldBytesMax` bytes. */
export function makeBodyReader(options: BodyReaderOptions): BodyReader {
  let held = 0

  function collect(request: IncomingMessage, done: (outcome: BodyOutcome) => void): void {
    const chunks: Buffer[] = []
    let bytes = 0
    const finish = (outcome: BodyOutcome) => {
      held -= bytes
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      done(outcome)
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      held += chunk.length
      chunks.push(chunk)
      if (bytes <= options.bytesMax && held <= options.heldBytesMax) return
      const kind = bytes > options.bytesMax ? 'too_large' : 'overloaded'
      discardBody(request)
      finish({ kind })
    }
    const onEnd = () => {
      finish({ kind: 'read', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) })
    }
    const onClose = () => finish({ kind: 'aborted' })
    request.on('error', () => undefined)
    request.on('data', onData).on('end', onEnd).on('close', onClose)
  }

  return {
    async read(request) {
      if (request.destroyed) return { kind: 'aborted' }
      if (!hasBody(request)) return { kind: 'read', bytes: null }
      return new Promise(resolve => collect(request, resolve))
    },
  }
}
