// Which mails are sent and to whom. Those that the contract or the law asks for cannot be switched off.
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import type { SettingsWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { DoneNotice, ErrorCard } from '../../parts/notices.tsx'
import { Section } from '../../parts/section.tsx'
import { mailName } from '../../words/names.ts'
import { isMail } from './details-form.ts'

type Notification = SettingsWire['notifications'][string]

interface Change {
  readonly kind: string
  readonly choice: { readonly enabled?: boolean; readonly recipients?: string[] }
}

interface KindProps {
  readonly kind: string
  readonly notification: Notification
  readonly onDone: (text: string) => void
}

function useChange({ kind, onDone }: Pick<KindProps, 'kind' | 'onDone'>, onSaved?: () => void) {
  const { t } = useBilling()
  return useWrite(
    (client, input: Change, options) =>
      client.updateSettings({ notifications: { [input.kind]: input.choice } }, options),
    () => {
      onDone(t('settings.mailSaved', { mail: mailName(kind, t) }))
      onSaved?.()
    },
  )
}

function Recipients(props: KindProps & { readonly onClose: () => void }): ReactNode {
  const { t } = useBilling()
  const { kind, notification, onClose } = props
  const [text, setText] = useState(notification.recipients.join('\n'))
  const [isTried, setTried] = useState(false)
  const write = useChange(props, onClose)
  const recipients = text.split(/\s+/).filter(mail => mail !== '')
  const isRight = recipients.every(isMail)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (isRight && !write.isPending) write.mutate({ kind, choice: { recipients } })
  }
  return (
    <form className="qt-form" onSubmit={submit} noValidate>
      <TextField
        optional
        rows={2}
        label={t('settings.mailTo', { mail: mailName(kind, t) })}
        hint={t('settings.mailToHint')}
        value={text}
        onChange={setText}
        problem={isTried && !isRight ? t('settings.mailWrong') : null}
      />
      {write.error ? <ErrorCard of="action" error={write.error} /> : null}
      <div className="qt-row-actions">
        <Button type="submit" busy={write.isPending}>
          {t('settings.saveRecipients')}
        </Button>
        <Button kind="text" onClick={onClose}>
          {t('common.keep')}
        </Button>
      </div>
    </form>
  )
}

function Switch(props: KindProps): ReactNode {
  const { t, may } = useBilling()
  const { kind, notification } = props
  const write = useChange(props)
  const isFixed = notification.locked || !may('settings.manage')
  return (
    <>
      <label className="qt-check">
        <input
          type="checkbox"
          checked={notification.enabled}
          disabled={isFixed || write.isPending}
          onChange={event => write.mutate({ kind, choice: { enabled: event.target.checked } })}
        />
        <span>{mailName(kind, t)}</span>
      </label>
      {notification.locked ? (
        <span className="qt-secondary qt-small">
          <Icon name="lock" /> {t('settings.mailLocked')}
        </span>
      ) : null}
      {write.error ? <ErrorCard of="action" error={write.error} /> : null}
    </>
  )
}

function KindRow(props: KindProps): ReactNode {
  const { t, may } = useBilling()
  const { kind, notification } = props
  const [isEditing, setEditing] = useState(false)
  const { recipients } = notification
  return (
    <li className="qt-mail-row">
      <div>
        <Switch {...props} />
      </div>
      <div className="qt-row-actions">
        <span className="qt-secondary qt-anywhere">
          {recipients.length === 0 ? t('settings.mailUsual') : recipients.join(', ')}
        </span>
        {may('settings.manage') && !isEditing ? (
          <Button
            kind="text"
            label={t('settings.mailTo', { mail: mailName(kind, t) })}
            onClick={() => setEditing(true)}
          >
            {t('settings.mailChange')}
          </Button>
        ) : null}
      </div>
      {isEditing ? <Recipients {...props} onClose={() => setEditing(false)} /> : null}
    </li>
  )
}

/** Mails about disputes go to the issuer, whatever a tenant chooses. */
const ofTheIssuer = ['dispute_opened']

export function Notifications({ settings }: { readonly settings: SettingsWire }): ReactNode {
  const { t } = useBilling()
  const [done, setDone] = useState<string | null>(null)
  const kinds = Object.entries(settings.notifications).filter(
    ([kind]) => !ofTheIssuer.includes(kind),
  )
  return (
    <Section title={t('settings.mails')} note={t('settings.mailsHint')}>
      <DoneNotice text={done} />
      <ul className="qt-methods qt-mails">
        {kinds.map(([kind, notification]) => (
          <KindRow key={kind} kind={kind} notification={notification} onDone={setDone} />
        ))}
      </ul>
    </Section>
  )
}
