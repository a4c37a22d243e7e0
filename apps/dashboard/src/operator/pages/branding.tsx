// How documents look: the form at the left, the document as it would print at the right, and the versions
// before. What is issued keeps its own.

import type { BillingClient } from '@quittance/billing-client/client'
import { ErrorCard, LinesSkeleton, useBilling } from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { Button, Radio } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { Field } from '../acts/act-drawer.tsx'
import { useBranding, useBrandingVersions } from '../data/catalogue.ts'
import type { BrandingWire } from '../data/wire.ts'
import { Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { useWords } from '../words/words.ts'

type BrandingInput = Parameters<BillingClient['putBranding']>[0]

interface Form {
  readonly logo: string | null
  readonly accent: string
  readonly footer: string
  readonly terms: string
  readonly numberLead: string
  readonly numberDigits: string
}

const formOf = (branding: BrandingWire): Form => ({
  logo: branding.logo?.base64 ?? null,
  accent: branding.accent ?? '',
  footer: branding.footer ?? '',
  terms: branding.terms ?? '',
  numberLead: branding.numberLead,
  numberDigits: String(branding.numberDigits),
})

const inputOf = (form: Form, template: string | null): BrandingInput => ({
  logo: form.logo,
  accent: form.accent || null,
  footer: form.footer || null,
  terms: form.terms || null,
  numberLead: form.numberLead,
  numberDigits: Number(form.numberDigits) || 4,
  template,
})

/** The example document under these terms; the page before stays until the new one is there. */
function usePreview(input: BrandingInput, lang: 'en' | 'zh-CN') {
  const { client } = useBilling()
  const [url, setUrl] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const key = JSON.stringify(input)
  useEffect(() => {
    const aborted = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const asked = { ...(JSON.parse(key) as BrandingInput), lang }
        const bytes = await client.previewBranding(asked, { signal: aborted.signal })
        const file = new Blob([new Uint8Array(bytes)], { type: 'application/pdf' })
        setUrl(URL.createObjectURL(file))
        setProblem(null)
      } catch (error) {
        if (!aborted.signal.aborted) setProblem(error)
      }
    }, 300)
    return () => {
      clearTimeout(timer)
      aborted.abort()
    }
  }, [client, key, lang])
  useEffect(() => (url === null ? undefined : () => URL.revokeObjectURL(url)), [url])
  return { url, problem }
}

function Preview({ input }: { readonly input: BrandingInput }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const [lang, setLang] = useState(reader.language)
  const { url, problem } = usePreview(input, lang)
  return (
    <section aria-label={t('branding.preview')}>
      <h2 className="qt-section-title">{t('branding.preview')}</h2>
      <Radio.Group
        value={lang}
        aria-label={t('mail.language')}
        onChange={event => setLang(event.target.value as typeof lang)}
        options={[
          { value: 'en', label: 'English' },
          { value: 'zh-CN', label: '简体中文' },
        ]}
      />
      {problem ? <ErrorCard error={problem} /> : null}
      {url ? (
        <>
          <iframe className="op-document" title={t('branding.preview')} src={url} />
          <a className="qt-link" href={url} download="preview.pdf">
            {t('branding.save')}
          </a>
        </>
      ) : (
        <LinesSkeleton lines={8} />
      )}
    </section>
  )
}

/** A picture as the API takes it; its size and kind are checked there. */
function LogoField({
  logo,
  onChange,
}: {
  readonly logo: string | null
  readonly onChange: (logo: string | null) => void
}): ReactNode {
  const t = useWords()
  const read = async (file: File | undefined) => {
    if (!file) return
    const bytes = new Uint8Array(await file.arrayBuffer())
    onChange(btoa([...bytes].map(byte => String.fromCharCode(byte)).join('')))
  }
  return (
    <div className="op-field">
      <span className="qt-label">{t('branding.logo')}</span>
      <label className="op-file">
        <input
          type="file"
          accept="image/png,image/svg+xml"
          onChange={event => void read(event.target.files?.[0])}
        />
        <span className="qt-button qt-button-plain">{t('branding.chooseLogo')}</span>
      </label>
      <p className="qt-secondary qt-small">{t('branding.logoHint')}</p>
      {logo ? (
        <div>
          <Button onClick={() => onChange(null)}>{t('branding.noLogo')}</Button>
        </div>
      ) : null}
    </div>
  )
}

function Editor({ branding }: { readonly branding: BrandingWire }): ReactNode {
  const t = useWords()
  const [form, setForm] = useState(() => formOf(branding))
  const set = (part: Partial<Form>) => setForm({ ...form, ...part })
  const input = inputOf(form, branding.template)
  const act = useWrite((client, next: BrandingInput, options) => client.putBranding(next, options))
  return (
    <div className="op-halves">
      <form
        className="op-form"
        onSubmit={event => {
          event.preventDefault()
          act.mutate(input)
        }}
      >
        <LogoField logo={form.logo} onChange={logo => set({ logo })} />
        <Field
          label={t('branding.accent')}
          hint={t('branding.accentHint')}
          optional
          value={form.accent}
          onChange={accent => set({ accent })}
        />
        <Field
          label={t('branding.footer')}
          optional
          value={form.footer}
          onChange={footer => set({ footer })}
        />
        <Field
          label={t('branding.terms')}
          optional
          lines={4}
          value={form.terms}
          onChange={terms => set({ terms })}
        />
        <Field
          label={t('branding.numberLead')}
          hint={t('branding.numberHint')}
          optional
          value={form.numberLead}
          onChange={numberLead => set({ numberLead })}
        />
        <Field
          label={t('branding.numberDigits')}
          value={form.numberDigits}
          onChange={numberDigits => set({ numberDigits })}
        />
        <p className="qt-secondary">{t('branding.effect')}</p>
        <div className="qt-actions">
          <Button type="primary" htmlType="submit" loading={act.isPending}>
            {t('branding.store')}
          </Button>
          <span role="status">
            {act.data ? t('branding.stored', { revision: act.data.revision }) : null}
          </span>
        </div>
        {act.error ? <ErrorCard of="action" error={act.error} /> : null}
      </form>
      <Preview input={input} />
    </div>
  )
}

function Versions(): ReactNode {
  const t = useWords()
  const { data } = useBrandingVersions()
  if (!data || data.length === 0) return <p className="qt-secondary">{t('branding.none')}</p>
  return (
    <ul className="op-cards">
      {data.map(version => (
        <li key={version.revision} className="op-card op-card-line">
          <span>
            {t('branding.version', { revision: version.revision })}{' '}
            <bdi className="qt-secondary">{version.createdBy}</bdi>
          </span>
          <Time at={version.createdAt} />
        </li>
      ))}
    </ul>
  )
}

export function BrandingPage(): ReactNode {
  const t = useWords()
  const { data, error, refetch } = useBranding()
  return (
    <ConsolePage title={t('branding.title')} intro={t('branding.intro')}>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {!data && !error ? <LinesSkeleton lines={10} /> : null}
      {data ? <Editor branding={data} /> : null}
      <section aria-label={t('branding.versions')}>
        <h2 className="qt-section-title">{t('branding.versions')}</h2>
        <Versions />
      </section>
    </ConsolePage>
  )
}
