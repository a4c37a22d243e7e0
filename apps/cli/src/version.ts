// Prints the version.
import manifest from '../package.json' with { type: 'json' }
import type { Run } from './command.ts'
import { say } from './terminal.ts'

export const version: string = manifest.version

export const runVersion: Run = async () => {
  say(version)
  return 0
}
