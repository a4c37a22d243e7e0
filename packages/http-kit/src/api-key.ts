// The shape of keys by which machines call, told apart from tokens by their first letters. What a key may do only the
// billing service knows.

export const apiKeyPrefix = 'qk_'

const shape = /^qk_[A-Za-z0-9_-]{43}$/

/** Whether a bearer token means to be a key. */
export const isApiKey = (token: string): boolean => token.startsWith(apiKeyPrefix)

/** Whether it can be one: 32 random bytes in base64url behind the prefix. */
export const isWellFormedKey = (token: string): boolean => shape.test(token)
