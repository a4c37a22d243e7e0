// Entry of the process that lays out one foreign template and ends. Built as a file of its own; it is started
// without an environment, in an empty folder, and may be killed at any moment.

import type { CompileJob } from './compiler.ts'
import { openForeignCompiler } from './compiler.ts'

export type ChildReply =
  | { readonly ready: true }
  | { readonly pdf: Uint8Array }
  | { readonly failure: string }

const say = (reply: ChildReply): boolean | undefined => process.send?.(reply)

const compile = openForeignCompiler()

process.once('message', (job: CompileJob) => {
  try {
    say({ pdf: compile(job) })
  } catch (error) {
    say({ failure: error instanceof Error ? error.message : String(error) })
  }
  process.disconnect()
})
say({ ready: true })
