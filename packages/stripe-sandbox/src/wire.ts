// The SDK's types as they travel over HTTP.

import type Stripe from 'stripe'

/** A type as it travels: the SDK turns decimal texts into objects, the wire carries texts. */
export type Wire<T> = T extends Stripe.Decimal
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Field in keyof T]: Wire<T[Field]> }
      : T
