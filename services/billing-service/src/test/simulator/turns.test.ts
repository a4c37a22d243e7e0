import { expect, it } from 'vitest'
import { randomFrom } from './random.ts'
import { sideBySide } from './turns.ts'

it('is over when the last call of a failed task is over, so that nobody else draws by chance meanwhile', async () => {
  const ended: string[] = []
  const [result] = await sideBySide(randomFrom('turns'), [
    async pass => {
      const worker = async (name: string, calls: number) => {
        for (let call = 1; call <= calls; call += 1) {
          await pass(async () => {
            await new Promise(resolve => setTimeout(resolve, 5))
            ended.push(name)
          })
          if (name === 'dies') throw new Error('the process dies')
        }
      }
      await Promise.all([worker('dies', 1), worker('goes on', 3)])
    },
  ])
  expect(result?.status).toBe('rejected')
  expect(ended.filter(name => name === 'goes on')).toHaveLength(3)
})
