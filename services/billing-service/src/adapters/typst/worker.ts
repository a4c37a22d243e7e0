// Entry of the thread that compiles documents. Built as a file of its own, because a thread starts from a
// file and not from a function.
import { parentPort } from 'node:worker_threads'
import type { WorkerReply, WorkerRequest } from './compile-thread.ts'
import { openCompiler } from './compiler.ts'

const compile = openCompiler()

function answer({ id, job }: WorkerRequest): WorkerReply {
  try {
    return { id, pdf: compile(job) }
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(answer(request)))
