// How much an instance takes on at once and how long it waits for its database, read from the environment.

interface Reading {
  whole(name: string, fallback: number, min: number, max: number): number
}

/** How long the database may take before what was asked of it is given up. */
export interface Patience {
  /** One statement, with its waiting. */
  readonly statementMs: number
  /** Waiting for a row or table that somebody else holds. */
  readonly lockMs: number
}

export interface Capacity {
  /** Requests that are worked on at one time; more are refused `overloaded`. */
  readonly requestsAtOnce: number
  /** Connections for tenants; the system gets half as many. */
  readonly poolSize: number
  /** Waiting for a connection. */
  readonly poolWaitMs: number
  /** Of requests, whose callers wait. */
  readonly requests: Patience
  /** Of jobs and commands, for whom nobody waits. */
  readonly jobs: Patience
}

/** The defaults stand in `.env.example` and docs/scaling.md. */
export function readCapacity({ whole }: Reading): Capacity {
  const ms = (name: string, seconds: number, max: number) => whole(name, seconds, 1, max) * 1_000
  return {
    requestsAtOnce: whole('REQUESTS_AT_ONCE', 256, 1, 10_000),
    poolSize: whole('DATABASE_POOL_SIZE', 10, 2, 500),
    poolWaitMs: ms('DATABASE_POOL_WAIT_SECONDS', 5, 60),
    requests: {
      statementMs: ms('DATABASE_STATEMENT_SECONDS', 15, 300),
      lockMs: ms('DATABASE_LOCK_SECONDS', 5, 300),
    },
    jobs: {
      statementMs: ms('JOBS_STATEMENT_SECONDS', 30, 3_600),
      lockMs: ms('JOBS_LOCK_SECONDS', 20, 3_600),
    },
  }
}
