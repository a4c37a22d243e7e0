// The terminal: lines out, and bold where somebody reads them. The one place of this command that prints.

/** Prints lines for whoever, or whatever, reads this command's result. */
export function say(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** Prints the result as one JSON object on one line, for programs (`--json`). */
export const sayJson = (result: object): void => say(JSON.stringify(result))

/** Prints what is not the result: problems and notices. */
export function warn(text: string): void {
  process.stderr.write(`${text}\n`)
}

const decorated = () => process.stdout.isTTY === true && !process.env.NO_COLOR

export const bold = (text: string): string => (decorated() ? `\u001b[1m${text}\u001b[22m` : text)
export const dim = (text: string): string => (decorated() ? `\u001b[2m${text}\u001b[22m` : text)
