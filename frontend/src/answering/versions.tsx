import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LightText } from '../board/light'
import { locale } from '../i18n'
import type { Answer, SubmissionView } from '../state/answering'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'

type Props = {
  view: SubmissionView
  answer: Answer
  /** The writer whose words stand in the field below; undefined where the first version does. */
  mine: string | undefined
  n: number
  onChoose: (text: string) => Promise<void>
}

/** The versions of an answer that were written at the same time, side by side, until somebody has chosen. */
export function Versions({ view, answer, mine, n, onChoose }: Props) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const [busy, setBusy] = useState(false)
  const time = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'medium', timeStyle: 'short' })
  const versions = [{ writer: '', authorId: answer.authorId, text: answer.text, updatedAt: answer.updatedAt }, ...answer.others]

  const all = joined(versions.map((version) => version.text))

  async function choose(text: string) {
    setBusy(true)
    try {
      await onChoose(text)
      // What was let go comes back, behind or before what was kept.
      const undo = () => void onChoose(all).catch((error) => say(sentence(error)))
      say(t('answer.versions.chosen'), text === all ? undefined : undo)
    } catch (error) {
      say(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <section className="ans__versions" id={`versions-${n}`} tabIndex={-1} aria-labelledby={`versions-of-${n}`}>
      <h3 id={`versions-of-${n}`}>{t('answer.versions.title', { count: versions.length })}</h3>
      <p className="sm">{t('answer.versions.lead')}</p>
      <div className="ans__beside">
        {versions.map((version, i) => {
          const who = view.whose.members.find((m) => m.memberId === version.authorId)
          const here = version.writer === (mine ?? '')
          const name = who?.me ? t('answer.versions.you') : who?.name
          return (
            <article key={version.writer} className={`card ans__version${here ? ' is-here' : ''}`}>
              <h4>
                {t('answer.versions.version', { n: i + 1 })}
                <small className="muted">
                  {[name, version.updatedAt && time.format(new Date(version.updatedAt))].filter(Boolean).join(', ')}
                  {here && ` · ${t('answer.versions.here')}`}
                </small>
              </h4>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled can be reached by keyboard */}
              <section className="ans__versiontext" tabIndex={0} aria-label={t('answer.versions.version', { n: i + 1 })}>
                <LightText text={version.text} />
              </section>
              <Button size="xs" variant="default" disabled={busy} onClick={() => void choose(version.text)}>
                {t('answer.versions.keep', { n: i + 1 })}
              </Button>
            </article>
          )
        })}
      </div>
      <Button size="xs" disabled={busy} onClick={() => void choose(all)}>
        {t(versions.length === 2 ? 'answer.versions.both' : 'answer.versions.all')}
      </Button>
    </section>
  )
}

/** Versions one after another, each once. */
const joined = (texts: string[]) => [...new Set(texts.map((text) => text.trim()).filter(Boolean))].join('\n\n')
