// A way through time in steps: each step asks the API to move the clock and brings what fell due. It can be
// stopped between two steps, and a step that meets the limit of one call is asked for again.
import { useBilling } from '@quittance/billing-react/billing-react'
import { useRef, useState } from 'react'
import { type Span, stepsFrom, stepsTo } from './steps.ts'
import type { TimelineEvent } from './timeline.tsx'

export interface Journey {
  /** Newest first. */
  readonly events: readonly TimelineEvent[]
  /** Where the clock stands after the last step; null before the first. */
  readonly now: string | null
  readonly percent: number
  readonly isMoving: boolean
  readonly isDone: boolean
  readonly error: unknown
  readonly go: (now: string, span: Span) => Promise<void>
  readonly goTo: (now: string, to: string) => Promise<void>
  readonly stop: () => void
}

interface State {
  readonly events: readonly TimelineEvent[]
  readonly now: string | null
  readonly percent: number
  readonly isMoving: boolean
  readonly isDone: boolean
  readonly error: unknown
}

const start: State = {
  events: [],
  now: null,
  percent: 0,
  isMoving: false,
  isDone: false,
  error: null,
}

/** A step of a month with much usage takes longer than a usual call. */
const stepTimeoutMs = 300_000

export function useJourney(tenantId: string): Journey {
  const { client, queryClient, scope } = useBilling()
  const [state, setState] = useState(start)
  const stopped = useRef(false)

  /** One step, in as many calls as it takes. */
  const step = async (to: string, percent: number) => {
    for (let isComplete = false; !isComplete && !stopped.current; ) {
      const answer = await client.advanceTestClock({ to }, { tenantId, timeoutMs: stepTimeoutMs })
      isComplete = answer.complete
      setState(old => {
        const came = answer.timeline.map((event, index) => ({
          ...event,
          occurredAt: event.at,
          key: `${old.events.length + index}`,
        }))
        return { ...old, now: answer.now, percent, events: [...came.toReversed(), ...old.events] }
      })
    }
  }

  const walk = async (targets: readonly string[]) => {
    stopped.current = false
    setState(old => ({ ...old, percent: 0, isMoving: true, isDone: false, error: null }))
    try {
      for (const [index, to] of targets.entries()) {
        if (stopped.current) break
        await step(to, Math.round(((index + 1) / targets.length) * 100))
      }
      setState(old => ({ ...old, isDone: true }))
    } catch (error) {
      setState(old => ({ ...old, error }))
    } finally {
      await queryClient.invalidateQueries({ queryKey: scope })
      setState(old => ({ ...old, isMoving: false }))
    }
  }

  return {
    ...state,
    go: (now, span) => walk(stepsFrom(now, span)),
    goTo: (now, to) => walk(stepsTo(now, to)),
    stop: () => {
      stopped.current = true
    },
  }
}
