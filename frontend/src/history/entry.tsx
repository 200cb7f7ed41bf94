import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { locale } from '../i18n'
import { type Event, takeBack, takeBackLast } from '../state/history'
import type { Project } from '../state/queries'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { type Line, mayUndo } from './lines'
import { useNamesOf } from './names'
import { aside, phraseOf, phraseOfLine, quoteOf } from './sentence'
import { Words } from './words'

type Props = { project: string; line: Line; role: Project['role'] | undefined; me: string }

/** How many events of a batch are told one by one. */
const most = 200

/** One line of the history. */
export function Entry({ project, line, role, me }: Props) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const names = useNamesOf()
  const [open, setOpen] = useState(false)
  const [sending, setSending] = useState(false)
  const [refused, setRefused] = useState<unknown>()
  const inner = useId()
  const item = useRef<HTMLLIElement>(null)
  const clock = new Intl.DateTimeFormat(locale(i18n.language), { timeStyle: 'short' })
  const quote = quoteOf(line)
  const beside = aside(line)

  async function undo(rest: boolean) {
    setSending(true)
    setRefused(undefined)
    try {
      const { batch } = await takeBack(project, line.head.id, rest)
      item.current?.focus({ preventScroll: true }) // its button goes
      say(t('history.undid'), () => {
        takeBackLast(project, { batch }).then(
          () => say(t('history.redid')),
          (error) => say(sentence(error)),
        )
      })
    } catch (error) {
      setRefused(error)
    } finally {
      setSending(false)
    }
  }

  return (
    <li ref={item} tabIndex={-1} className={line.undone ? 'past__line past__line--undone' : 'past__line'}>
      <time className="xs muted num" dateTime={line.head.at}>
        {clock.format(new Date(line.head.at))}
      </time>
      <div>
        <p id={`${inner}words`}>
          {line.undo && <span className="past__tag">{t('history.undo')}</span>}
          {line.head.audience && <span className="past__tag">{t('history.onlyYou')}</span>}
          <Words actor={line.head.actorId} phrase={phraseOfLine(line)} />
        </p>
        {beside && (beside.moved > 0 || beside.lost > 0) && (
          <p className="sm muted">
            {[
              beside.moved > 0 && t('history.moved', { count: beside.moved }),
              beside.lost > 0 && t('history.lost', { count: beside.lost }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        )}
        {quote && <blockquote className="past__quote">{quote}</blockquote>}
        {line.undone && <p className="xs muted">{t('history.undone')}</p>}
        <p className="past__ways">
          {line.events.length > 1 && (
            <button
              type="button"
              className="past__unfold"
              aria-expanded={open}
              aria-controls={inner}
              onClick={() => setOpen(!open)}
            >
              <Icon name="chevron" />
              {t(open ? 'history.fold' : 'history.unfold', { count: line.events.length })}
            </button>
          )}
          <Compare line={line} />
          {line.events.some((e) => inBin(e, names.notes, names.codes)) && (
            <Link to={`/projects/${project}/bin` as string}>{t('history.bin')}</Link>
          )}
        </p>
        {open && (
          <ol className="past__events" id={inner}>
            {line.events.slice(0, most).map((event) => (
              <li key={event.id}>
                <Words actor={event.actorId} phrase={phraseOf(event)} />
              </li>
            ))}
            {line.events.length > most && <li className="muted">{t('history.others', { count: line.events.length - most })}</li>}
          </ol>
        )}
        {refused !== undefined && <Refusal error={refused} line={line} onRest={() => void undo(true)} />}
      </div>
      {mayUndo(line, role, me) && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<Icon name="undo" />}
          aria-disabled={sending}
          aria-describedby={`${inner}words`}
          onClick={() => !sending && void undo(false)}
        >
          {t('history.undo')}
        </Button>
      )}
    </li>
  )
}

/** Whether an event put something into the bin that isn't back; what isn't listed may be. */
function inBin(event: Event, notes: Map<string, unknown> | undefined, codes: Map<string, unknown> | undefined): boolean {
  if (event.verb !== 'deleted' || !event.after) return false
  switch (event.noun) {
    case 'note':
      return notes !== undefined && !notes.has(event.recordId)
    case 'code':
      return codes !== undefined && !codes.has(event.recordId)
    case 'site':
    case 'participant':
    case 'memo':
    case 'comment':
    case 'round':
      return true
    default:
      return false
  }
}

/** The way to what an edit of a text changed. */
function Compare({ line }: { line: Line }) {
  const { t } = useTranslation()
  const { project, notes } = useNamesOf()
  const edit = line.events.find(
    (e) => e.verb === 'updated' && e.after?.note && e.before?.note && e.after.note.textVersion !== e.before.note.textVersion,
  )
  if (!edit?.after?.note || !edit.before?.note || !notes?.has(edit.recordId)) return null
  return (
    <Link
      to="/projects/$project/notes/$note/versions"
      params={{ project, note: edit.recordId }}
      search={{ version: edit.after.note.textVersion, against: edit.before.note.textVersion }}
    >
      {t('history.compare')}
    </Link>
  )
}

/** Why an undo was refused; of a batch, what moved on, and the offer to take back the others. */
function Refusal({ error, line, onRest }: { error: unknown; line: Line; onRest: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const problem = error instanceof Refused ? error.problem : undefined
  if (problem?.code !== 'moved_on') {
    return (
      <p className="past__refused" role="alert">
        {sentence(error)}
      </p>
    )
  }
  const moved = new Set(problem.errors?.map((e) => e.detail))
  const named = line.events.filter((e) => moved.has(e.recordId))
  const rest = line.events.length - moved.size
  if (rest <= 0 || line.events.length === 1) {
    return (
      <p className="past__refused" role="alert">
        {t('history.movedOn')}
      </p>
    )
  }
  return (
    <div className="past__refused" role="alert">
      <p>{t('history.someMovedOn', { count: moved.size })}</p>
      <ul>
        {named.slice(0, 10).map((event) => (
          <li key={event.id}>
            <Words actor={event.actorId} phrase={phraseOf(event)} />
            {event.after?.coding && <q className="muted">{event.after.coding.anchor.quote.slice(0, 80)}</q>}
          </li>
        ))}
      </ul>
      <Button variant="default" size="compact-sm" onClick={onRest}>
        {t('history.rest', { count: rest })}
      </Button>
    </div>
  )
}
