// Where things are in a checkout. This file ends up in apps/cli/dist and starts in apps/cli/src: both are
// three levels below the root.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Where data goes unless DATA_DIR says otherwise. */
export const dataDirByDefault = join(root, '.data')

/** The built dashboard. */
export const dashboardDir = join(root, 'apps/dashboard/dist')

/** The built thread that lays out documents; without it they are laid out in the main thread. */
const builtWorker = new URL('./typst-worker.js', import.meta.url)
export const pdfWorker = existsSync(builtWorker) ? builtWorker : undefined

const builtTemplateChild = new URL('./typst-template-child.js', import.meta.url)
export const templateChild = existsSync(builtTemplateChild) ? builtTemplateChild : undefined
