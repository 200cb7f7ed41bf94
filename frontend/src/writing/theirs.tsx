import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import type { Source } from '../state/edits'
import type { Note } from '../state/queries'

type Props = { note: Note; source: Source; onMine: () => void; onTheirs: () => void }

/** Shows what somebody else saved meanwhile; what is written here stays until one chooses. */
export function Theirs({ note, source, onMine, onTheirs }: Props) {
  const { t, i18n } = useTranslation()
  const at = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <div className="writeband writeband--bad" role="alert">
      <p className="grow">{t('write.stale', { when: at.format(new Date(note.updatedAt)) })}</p>
      <Button size="xs" variant="default" onClick={onMine}>
        {t('write.mine')}
      </Button>
      <Button size="xs" variant="default" onClick={onTheirs}>
        {t('write.theirs')}
      </Button>
      <details>
        <summary>{t('write.showTheirs')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled can be reached by keyboard */}
        <section className="theirs" tabIndex={0} aria-label={t('write.showTheirs')} lang={note.language || undefined}>
          <b>{note.title}</b>
          {'\n\n'}
          {source.text}
        </section>
      </details>
    </div>
  )
}
