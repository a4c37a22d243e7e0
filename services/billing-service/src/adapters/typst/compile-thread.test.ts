import { expect, test } from 'vitest'
import { openCompilation } from './compile-thread.ts'
import type { CompileJob } from './compiler.ts'

const job = (source: string): CompileJob => ({
  source,
  inputs: {},
  files: {},
  codeText: null,
  createdAtSeconds: 0,
})

/** Stands in for the built worker: answers with the source, fails or dies when the source says so. */
const entry = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ id, job: { source } }) => {
      if (source === 'die') process.exit(3)
      if (source === 'silence') return
      parentPort.postMessage(source === 'fail' ? { id, failure: 'no such font' }
        : { id, pdf: new TextEncoder().encode(source) })
    })`)}`,
)

const textOf = async (pdf: Promise<Uint8Array>): Promise<string> =>
  new TextDecoder().decode(await pdf)

test('100 documents at once each get their own answer', async () => {
  const compilation = openCompilation({ run: 'thread', entry })
  const names = Array.from({ length: 100 }, (_, index) => `document ${index}`)
  const answers = await Promise.all(names.map(name => textOf(compilation.compile(job(name)))))
  expect(answers).toEqual(names)
  await compilation.close()
})

test('a failing document fails alone; after the thread dies a new one takes over', async () => {
  const compilation = openCompilation({ run: 'thread', entry })
  await expect(compilation.compile(job('fail'))).rejects.toThrow('no such font')
  await expect(compilation.compile(job('die'))).rejects.toThrow('thread ended with 3')
  expect(await textOf(compilation.compile(job('again')))).toBe('again')
  await compilation.close()
})

test('the 501st waiting document is refused, and closing fails those that wait', async () => {
  const compilation = openCompilation({ run: 'thread', entry })
  const waiting = Array.from({ length: 500 }, () => compilation.compile(job('silence')))
  const failed = Promise.allSettled(waiting)
  await expect(compilation.compile(job('one more'))).rejects.toMatchObject({ code: 'unavailable' })
  await compilation.close()
  expect((await failed).every(one => one.status === 'rejected')).toBe(true)
})
