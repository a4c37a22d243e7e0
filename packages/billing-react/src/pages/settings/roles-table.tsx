// What each role may do, from the same list that decides what these pages offer.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { permissions, roles, rolesMay } from '../../claims.ts'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/section.tsx'

export function RolesTable(): ReactNode {
  const { t } = useBilling()
  return (
    <Section title={t('roles.title')} note={t('roles.hint')}>
      <table className="qt-lines qt-roles">
        <caption className="qt-hidden">{t('roles.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('roles.may')}</th>
            {roles.map(role => (
              <th key={role} scope="col">
                {t(`roles.${role}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissions.map(permission => (
            <tr key={permission} className="qt-line-row">
              <th scope="row">{t(`roles.may.${permission}`)}</th>
              {roles.map(role => (
                <td key={role}>
                  {rolesMay([role], permission) ? (
                    <>
                      <Icon name="check-circle" />
                      <span className="qt-hidden">{t('roles.yes')}</span>
                    </>
                  ) : (
                    <span className="qt-secondary">{t('roles.no')}</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
