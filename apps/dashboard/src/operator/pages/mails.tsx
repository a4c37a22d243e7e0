// The outbox: what was written to whom, what became of it, how it looks; and how each kind looks.
import {
  ErrorCard,
  LinesSkeleton,
  type Tone,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { Button, Select } from 'antd'
import { type ReactNode, useId, useMemo } from 'react'
import { useAddress } from '../address.ts'
import { useMail, useMailPreview, useMails } from '../data/operations.ts'
import type { MailRow } from '../data/wire.ts'
import { Id, TenantLink, Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { FilterDay, FilterSelect, FilterText } from '../parts/filters.tsx'
import { Payload } from '../parts/payload.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import type { Translate } from '../words/catalogue.ts'
import { mailKinds } from '../words/mail.ts'
import { useWords } from '../words/words.ts'

const statuses = ['queued', 'sent', 'kept', 'bounced', 'failed', 'skipped'] as const
const tones: Readonly<Record<(typeof statuses)[number], Tone>> = {
  queued: 'info',
  sent: 'good',
  kept: 'planned',
  bounced: 'bad',
  failed: 'bad',
  skipped: 'neutral',
}

function kindName(kind: string, t: Translate): string {
  const known = mailKinds.find(each => each === kind)
  return known ? t(`mail.kind.${known}`) : kind
}

function State({ status }: { readonly status: string }): ReactNode {
  const t = useWords()
  const known = statuses.find(each => each === status)
  return known ? <ToneChip tone={tones[known]}>{t(`mail.${known}`)}</ToneChip> : status
}

function useColumns(): readonly Column<MailRow>[] {
  const t = useWords()
  return useMemo<readonly Column<MailRow>[]>(
    () => [
      {
        key: 'created',
        header: t('mail.written'),
        cell: row => <Time at={row.createdAt} />,
        plain: row => row.createdAt,
      },
      {
        key: 'subject',
        header: t('mail.subject'),
        slot: 'title',
        cell: row => (
          <PeekButton id={row.id}>
            <bdi>{row.subject ?? kindName(row.kind, t)}</bdi>
          </PeekButton>
        ),
        plain: row => row.subject,
      },
      {
        key: 'kind',
        header: t('mail.kind'),
        cell: row => kindName(row.kind, t),
        plain: row => row.kind,
      },
      {
        key: 'to',
        header: t('mail.to'),
        cell: row => (
          <bdi className="op-name">
            {row.recipients.map(each => each.address).join(', ') || '—'}
          </bdi>
        ),
        plain: row => row.recipients.map(each => each.address).join(', '),
      },
      {
        key: 'tenant',
        header: t('invoices.tenant'),
        slot: 'note',
        cell: row => <TenantLink tenantId={row.tenantId} />,
        plain: row => row.tenantId,
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State status={row.status} />,
        plain: row => row.status,
      },
    ],
    [t],
  )
}

/** A mail as its reader sees it: in a frame that runs nothing and reaches nothing of ours. */
function MailFrame({ html, title }: { readonly html: string; readonly title: string }): ReactNode {
  return <iframe className="op-mail" title={title} sandbox="" srcDoc={html} />
}

function Resend({ id }: { readonly id: string }): ReactNode {
  const t = useWords()
  const resend = useWrite((client, mail: string, options) => client.resendMail(mail, options))
  return (
    <div className="qt-actions">
      <Button loading={resend.isPending} onClick={() => resend.mutate(id)}>
        {t('mail.resend')}
      </Button>
      <span role="status">{resend.data ? <State status={resend.data.status} /> : null}</span>
      {resend.error ? <ErrorCard of="action" error={resend.error} /> : null}
    </div>
  )
}

const canResend = (status: string): boolean =>
  ['kept', 'bounced', 'failed', 'skipped'].includes(status)

function Detail({ id }: { readonly id: string }): ReactNode {
  const t = useWords()
  const peek = usePeek()
  const { data, error, refetch } = useMail(id)
  return (
    <PeekDrawer title={data?.subject ?? t('mail.title')} onClose={peek.close}>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {!data && !error ? <LinesSkeleton lines={8} /> : null}
      {data ? (
        <>
          <FactList
            facts={[
              { name: t('list.status'), value: <State status={data.status} /> },
              { name: t('mail.note'), value: data.note ?? '—' },
              {
                name: t('mail.to'),
                value: <bdi>{data.recipients.map(each => each.address).join(', ') || '—'}</bdi>,
              },
              { name: t('mail.kind'), value: kindName(data.kind, t) },
              { name: t('mail.about'), value: <Id text={data.objectId} /> },
              { name: t('mail.sentAt'), value: <Time at={data.sentAt} /> },
              { name: t('mail.attachments'), value: data.attachments.join(', ') || '—' },
            ]}
          />
          {canResend(data.status) ? <Resend id={data.id} /> : null}
          {data.html ? <MailFrame html={data.html} title={data.subject ?? ''} /> : null}
          {data.text ? (
            <>
              <h3 className="qt-section-title">{t('mail.text')}</h3>
              <Payload label={t('mail.text')} text={data.text} />
            </>
          ) : null}
        </>
      ) : null}
    </PeekDrawer>
  )
}

/** How a kind of mail looks in either language, with example facts. */
function Previews({ kind }: { readonly kind: string }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const { search, change } = useAddress()
  const asked = search.lang ?? reader.language
  const lang = asked === 'zh-CN' ? 'zh-CN' : 'en'
  const kindId = useId()
  const langId = useId()
  const { data, error, refetch } = useMailPreview(kind, lang)
  const close = () => change({ preview: null, lang: null })
  return (
    <PeekDrawer title={t('mail.previews')} onClose={close}>
      <div className="op-filters">
        <div className="op-filter">
          <label className="qt-label" htmlFor={kindId}>
            {t('mail.kind')}
          </label>
          <Select
            id={kindId}
            value={kind}
            popupMatchSelectWidth={false}
            options={mailKinds.map(value => ({ value, label: t(`mail.kind.${value}`) }))}
            onChange={preview => change({ preview })}
          />
        </div>
        <div className="op-filter">
          <label className="qt-label" htmlFor={langId}>
            {t('mail.language')}
          </label>
          <Select
            id={langId}
            value={lang}
            options={[
              { value: 'en', label: 'English' },
              { value: 'zh-CN', label: '简体中文' },
            ]}
            onChange={value => change({ lang: value })}
          />
        </div>
      </div>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {!data && !error ? <LinesSkeleton lines={8} /> : null}
      {data ? (
        <>
          <p className="qt-strong" lang={lang}>
            {data.subject}
          </p>
          <MailFrame html={data.html} title={data.subject} />
        </>
      ) : null}
    </PeekDrawer>
  )
}

export function MailsPage(): ReactNode {
  const t = useWords()
  const { search, change } = useAddress()
  const pages = useMails(search)
  const columns = useColumns()
  const peek = usePeek()
  const { status, tenantId, from, to } = search
  return (
    <ConsolePage
      title={t('mail.title')}
      intro={t('mail.intro')}
      actions={
        <Button onClick={() => change({ preview: mailKinds[0] })}>{t('mail.previews')}</Button>
      }
    >
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          choices={statuses.map(value => ({ value, label: t(`mail.${value}`) }))}
        />
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <RecordList
        caption={t('mail.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="mail"
        empty={
          (status ?? tenantId ?? from ?? to)
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('mail.empty'), hint: t('mail.emptyHint') }
        }
      />
      {peek.id ? <Detail key={peek.id} id={peek.id} /> : null}
      {search.preview ? <Previews kind={search.preview} /> : null}
    </ConsolePage>
  )
}
