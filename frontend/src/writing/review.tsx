import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useProject } from '../shell/project'
import type { Preview } from '../state/edits'
import { codes, everybody } from '../state/queries'
import { Dialog } from '../ui/dialog'
import { Tile } from '../ui/tile'

type Props = { preview: Preview; busy: boolean; onSave: () => void; onBack: () => void }

/** What an edit of a text would do to the codings, before it is saved. */
export function Reviewing({ preview, busy, onSave, onBack }: Props) {
  const { t } = useTranslation()
  const { id } = useProject()
  const book = new Map(useQuery(codes(id)).data?.map((code) => [code.id as string, code]))
  const people = new Map(useQuery(everybody(id)).data?.map((member) => [member.userId as string, member.name]))
  const { kept, moved, review } = preview.codings
  return (
    <Dialog onClose={onBack} title={t('write.look')} size="lg">
      <ul>
        {kept > 0 && <li>{t('write.stay', { count: kept })}</li>}
        {moved > 0 && <li>{t('write.move', { count: moved })}</li>}
        <li>{review > 0 ? t('write.review', { count: review }) : t('write.noReview')}</li>
      </ul>
      {review > 0 && (
        <ul className="review__list">
          {preview.review.map((coding) => {
            const code = book.get(coding.codeId)
            return (
              <li key={coding.id}>
                <p className="row">
                  {code && <Tile code={code} />}
                  <b>{code?.name}</b>
                  <span className="muted">{people.get(coding.coderId)}</span>
                </p>
                <q>{coding.quote.length > 300 ? `${coding.quote.slice(0, 300)}…` : coding.quote}</q>
              </li>
            )
          })}
        </ul>
      )}
      {review > preview.review.length && <p className="muted">{t('write.more', { count: review - preview.review.length })}</p>}
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={onBack}>
          {t('write.goOn')}
        </Button>
        <Button onClick={onSave} loading={busy} data-autofocus>
          {t('write.save')}
        </Button>
      </Group>
    </Dialog>
  )
}

/** Says, after an edit, how many codings have lost their words, and where to look at them. */
export function Reviewed({ count, note }: { count: number; note: string }) {
  const { t } = useTranslation()
  const { id } = useProject()
  return (
    <Dialog title={t('write.saved')}>
      <p>{t('write.toReview', { count })}</p>
      <Group mt="md" justify="flex-end">
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/projects/$project/notes/$note" params={{ project: id, note }} {...props} />}
        >
          {t('write.toNote')}
        </Button>
        <Button
          data-autofocus
          renderRoot={(props) => <Link to="/projects/$project/review" params={{ project: id }} {...props} />}
        >
          {t('write.reviewNow')}
        </Button>
      </Group>
    </Dialog>
  )
}
