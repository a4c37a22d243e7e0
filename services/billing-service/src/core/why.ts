// Why an amount is what it is, as data: the rule and what went into it. The words for a reader are made
// where the reader's language is known.

/**
 * `rule` names the rule (`proration.second`), `inputs` hold every figure that it used, among them the
 * `formula` over their names and the `rounding`, so that a reader can work the amount out again.
 */
export interface Why {
  readonly rule: string
  readonly inputs: Readonly<Record<string, string | number | null>>
}
