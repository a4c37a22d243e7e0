// What a server adds to the access log line of a request: ids, never secrets.

declare module 'fastify' {
  interface FastifyRequest {
    /** Facts for the access log: tenant, subject, refusal code. */
    logFacts: Readonly<Record<string, string | number | boolean | null>> | null
  }
}

export type LogFacts = Readonly<Record<string, string | number | boolean | null>>
