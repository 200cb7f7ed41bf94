import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Link, linkKinds } from '../state/links'
import { Icon } from '../ui/icons'
import { type Begun, setBegun } from './linking'

/** Says over the text that a link was begun, and how to end it. */
export function LinkBand({ begun }: { begun: Begun }) {
  const { t } = useTranslation()
  return (
    <section className="band" aria-label={t('link.title')}>
      <Icon name="link" />
      <span className="clip">„{begun.from.anchor.quote.slice(0, 60)}“</span>
      <Select
        size="xs"
        aria-label={t('link.kind')}
        data={linkKinds.map((kind) => ({ value: kind, label: t(`link.${kind}`) }))}
        value={begun.kind}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
        onChange={(kind) => setBegun({ ...begun, kind: kind as Link['kind'] })}
      />
      <span className="grow muted clip">{t('link.next')}</span>
      <button type="button" className="quiet" aria-label={t('link.cancel')} onClick={() => setBegun(undefined)}>
        <Icon name="close" />
      </button>
    </section>
  )
}
