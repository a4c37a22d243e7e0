// Where our events are delivered to: endpoints of the issuer, what became of each delivery, and sending again.
import { ErrorCard, type Tone } from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { ActDrawer, Field } from '../acts/act-drawer.tsx'
import type { ActProps } from '../acts/act-props.ts'
import { useActs } from '../acts/use-acts.tsx'
import { useDeliveries, useEndpoints } from '../data/catalogue.ts'
import type { DeliveryRow, EndpointRow } from '../data/wire.ts'
import { Id, Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import { eventName } from '../words/catalogue.ts'
import { useWords } from '../words/words.ts'

const deliveryTones: Readonly<Record<DeliveryRow['status'], Tone>> = {
  waiting: 'info',
  delivered: 'good',
  failed: 'bad',
  canceled: 'neutral',
}

function State({ endpoint }: { readonly endpoint: EndpointRow }): ReactNode {
  const t = useWords()
  if (endpoint.status === 'enabled') {
    return endpoint.failingSince ? (
      <ToneChip tone="warn">{t('endpoint.troubled')}</ToneChip>
    ) : (
      <ToneChip tone="good">{t('endpoint.enabled')}</ToneChip>
    )
  }
  return <ToneChip tone="bad">{t(`endpoint.${endpoint.disabledReason ?? 'by_hand'}`)}</ToneChip>
}

function useColumns(): readonly Column<EndpointRow>[] {
  const t = useWords()
  return useMemo<readonly Column<EndpointRow>[]>(
    () => [
      {
        key: 'url',
        header: t('endpoint.url'),
        slot: 'title',
        cell: row => (
          <PeekButton id={row.id}>
            <bdi>{row.url}</bdi>
          </PeekButton>
        ),
        plain: row => row.url,
      },
      {
        key: 'events',
        header: t('endpoint.events'),
        slot: 'note',
        cell: row => <code className="qt-code">{row.events.join(', ')}</code>,
        plain: row => row.events.join(', '),
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State endpoint={row} />,
        plain: row => row.status,
      },
      {
        key: 'created',
        header: t('tenants.created'),
        cell: row => <Time at={row.createdAt} />,
        plain: row => row.createdAt,
      },
    ],
    [t],
  )
}

/** The secret is told once; it cannot be read again. */
function Secret({ secret }: { readonly secret: string | null }): ReactNode {
  const t = useWords()
  if (secret === null) return null
  return (
    <div className="op-told" role="status">
      <p>{t('endpoint.secretOnce')}</p>
      <Id text={secret} />
    </div>
  )
}

function CreateEndpointAct({
  onDone,
  onClose,
  onSecret,
}: ActProps & { readonly onSecret: (secret: string) => void }): ReactNode {
  const t = useWords()
  const [url, setUrl] = useState('')
  const [events, setEvents] = useState('*')
  const act = useWrite(
    (client, input: { url: string; events: string[] }, options) =>
      client.createWebhookEndpoint(input, options),
    made => {
      onSecret(made.secret)
      onDone(t('endpoint.made', { url: made.url }))
    },
  )
  const filters = events.split(/[\s,]+/).filter(Boolean)
  return (
    <ActDrawer
      title={t('endpoint.new')}
      confirm={t('endpoint.confirm')}
      ready={/^https?:\/\/\S+$/.test(url) && filters.length > 0}
      effects={[t('endpoint.effectFrom'), t('endpoint.effectTries')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate({ url, events: filters })}
      onClose={onClose}
    >
      <Field label={t('endpoint.url')} value={url} onChange={setUrl} />
      <Field
        label={t('endpoint.events')}
        hint={t('endpoint.eventsHint')}
        value={events}
        onChange={setEvents}
      />
    </ActDrawer>
  )
}

function Resend({ delivery }: { readonly delivery: DeliveryRow }): ReactNode {
  const t = useWords()
  const act = useWrite((client, id: string, options) =>
    client.resendWebhookDelivery(delivery.endpointId, id, options),
  )
  return (
    <>
      <Button size="small" loading={act.isPending} onClick={() => act.mutate(delivery.id)}>
        {t('endpoint.resend')}
      </Button>
      {act.error ? <ErrorCard of="action" error={act.error} /> : null}
    </>
  )
}

function useDeliveryColumns(): readonly Column<DeliveryRow>[] {
  const t = useWords()
  return useMemo<readonly Column<DeliveryRow>[]>(
    () => [
      {
        key: 'created',
        header: t('transactions.time'),
        slot: 'note',
        cell: row => <Time at={row.createdAt} />,
        plain: row => row.createdAt,
      },
      {
        key: 'event',
        header: t('webhook.type'),
        slot: 'title',
        cell: row => eventName(row.eventType, t),
        plain: row => row.eventType,
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => (
          <ToneChip tone={deliveryTones[row.status]}>{t(`delivery.${row.status}`)}</ToneChip>
        ),
        plain: row => row.status,
      },
      {
        key: 'answer',
        header: t('delivery.answer'),
        cell: row => row.responseStatus ?? row.note ?? '—',
        plain: row => row.responseStatus ?? row.note,
      },
      {
        key: 'attempts',
        header: t('webhook.attempts'),
        figures: true,
        cell: row => row.attempts,
        plain: row => row.attempts,
      },
      {
        key: 'resend',
        header: t('delivery.act'),
        slot: 'amount',
        cell: row => <Resend delivery={row} />,
        plain: null,
      },
    ],
    [t],
  )
}

type Step = 'toggle' | 'rotate' | 'remove'

function Detail({ endpoint }: { readonly endpoint: EndpointRow }): ReactNode {
  const t = useWords()
  const peek = usePeek()
  const [secret, setSecret] = useState<string | null>(null)
  const isOn = endpoint.status === 'enabled'
  const act = useWrite(async (client, step: Step, options) => {
    if (step === 'rotate') {
      setSecret((await client.rotateWebhookSecret(endpoint.id, {}, options)).secret)
    } else if (step === 'toggle') {
      const status = isOn ? 'disabled' : 'enabled'
      await client.updateWebhookEndpoint(endpoint.id, { status }, options)
    } else {
      await client.deleteWebhookEndpoint(endpoint.id, options)
    }
  })
  const words = {
    toggle: t(isOn ? 'endpoint.disable' : 'endpoint.enable'),
    rotate: t('endpoint.rotate'),
    remove: t('endpoint.remove'),
  }
  return (
    <PeekDrawer title={endpoint.url} onClose={peek.close}>
      <p className="op-state">
        <State endpoint={endpoint} />
      </p>
      <Secret secret={secret} />
      <div className="qt-actions">
        {(['toggle', 'rotate', 'remove'] as const).map(step => (
          <Button
            key={step}
            danger={step === 'remove'}
            loading={act.isPending && act.variables === step}
            onClick={() => act.mutate(step)}
          >
            {words[step]}
          </Button>
        ))}
      </div>
      {act.error ? <ErrorCard of="action" error={act.error} /> : null}
      <FactList
        facts={[
          { name: t('endpoint.events'), value: endpoint.events.join(', ') },
          { name: t('endpoint.failingSince'), value: <Time at={endpoint.failingSince} /> },
          { name: t('endpoint.overlap'), value: <Time at={endpoint.previousSecretUntil} /> },
          { name: t('tenants.created'), value: <Time at={endpoint.createdAt} /> },
        ]}
      />
      <h3 className="qt-section-title">{t('endpoint.deliveries')}</h3>
      <RecordList
        caption={t('endpoint.deliveries')}
        pages={useDeliveries(endpoint.id)}
        columns={useDeliveryColumns()}
        rowKey={row => row.id}
        exportName="deliveries"
        empty={{ title: t('endpoint.noDeliveries'), hint: t('endpoint.noDeliveriesHint') }}
      />
    </PeekDrawer>
  )
}

export function EndpointsPage(): ReactNode {
  const t = useWords()
  const pages = useEndpoints()
  const columns = useColumns()
  const peek = usePeek()
  const acts = useActs<'endpoint'>()
  const [secret, setSecret] = useState<string | null>(null)
  const opened = pages.items?.find(row => row.id === peek.id)
  return (
    <ConsolePage
      title={t('endpoint.title')}
      intro={t('endpoint.intro')}
      actions={
        <Button type="primary" onClick={() => acts.open('endpoint')}>
          {t('endpoint.new')}
        </Button>
      }
    >
      {acts.told}
      <Secret secret={secret} />
      {acts.draw((_, props) => (
        <CreateEndpointAct onSecret={setSecret} {...props} />
      ))}
      <RecordList
        caption={t('endpoint.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="webhook-endpoints"
        empty={{ title: t('endpoint.empty'), hint: t('endpoint.emptyHint') }}
      />
      {opened ? <Detail key={opened.id} endpoint={opened} /> : null}
    </ConsolePage>
  )
}
