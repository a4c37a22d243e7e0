// Starts the gateway on a port and stops it again. What it does is in app.ts.

import { buildGateway, type GatewayOptions } from './app.ts'

export interface RunningGateway {
  /** Where it answers, with the port it really got. */
  readonly url: string
  /** Takes no more connections, finishes requests under way within the bound, then resolves. */
  close(): Promise<void>
}

export interface StartGatewayOptions extends GatewayOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Default 127.0.0.1; a container listens on 0.0.0.0. */
  readonly host?: string | undefined
}

/** Starts the gateway; resolves once it answers. Rejects when the port is taken. */
export async function startGateway(options: StartGatewayOptions): Promise<RunningGateway> {
  const app = buildGateway(options)
  try {
    const url = await app.listen({ port: options.port, host: options.host ?? '127.0.0.1' })
    return { url, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw error
  }
}
