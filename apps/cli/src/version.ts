// Prints the version.
import manifest from '../package.json' with { type: 'json' }
import type { Run } from './command.ts'
import { say, sayJson } from './terminal.ts'

export const version: string = manifest.version

export const runVersion: Run = async ({ on }) => {
  if (on('json')) sayJson({ version })
  else say(version)
  return 0
}
