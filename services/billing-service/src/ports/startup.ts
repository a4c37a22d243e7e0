// What keeps the service from starting and the operator can put right. Not a fault: the message is the
// whole story, so it is printed without a stack.

/** A plain sentence (or a few lines, such as SQL to run) that says what stands in the way and what to do. */
export class StartupProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartupProblem'
  }
}
