// One refusal as the caller meets it.

/** What the caller reads: `{name}` is filled from the details of the refusal. */
export interface RefusalEntry {
  readonly status: 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 501 | 503
  readonly en: string
  readonly 'zh-CN': string
}

export const entry = (status: RefusalEntry['status'], en: string, zh: string): RefusalEntry => ({
  status,
  en,
  'zh-CN': zh,
})
