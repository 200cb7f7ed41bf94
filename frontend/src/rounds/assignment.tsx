import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notes, type Round } from '../state/queries'
import { drawRound } from '../state/rounds'
import { Icon } from '../ui/icons'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useNames } from './names'
import { assigned } from './set-up'

const step = 100 // notes that are shown at first, and more at a time

type Props = {
  round: Round
  save: () => Promise<Round | undefined>
  onChange: (assignment: Round['assignment']) => void
}

/** Who codes which note: drawn, or put together by hand. */
export function AssignmentPart({ round, save, onChange }: Props) {
  const { t } = useTranslation()
  if (round.noteIds.length === 0 || round.coderIds.length === 0) return <p className="muted">{t('setUp.chooseFirst')}</p>
  return (
    <>
      {round.method === 'balanced' && <Draw round={round} save={save} />}
      {(round.method === 'byHand' || round.assignment.length > 0) && <Grid round={round} onChange={onChange} />}
    </>
  )
}

/** Draws the assignment from a seed, which is kept, so that anybody can draw the same again. */
function Draw({ round, save }: Omit<Props, 'onChange'>) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [busy, setBusy] = useState(false)
  const [typed, setTyped] = useState<string>()
  const seed = typed ?? round.seed
  const isFew = round.coderIds.length < round.codersPerNote

  async function draw(from?: string) {
    setBusy(true)
    try {
      const now = await save()
      if (!now) return
      await drawRound(now, from)
      setTyped(undefined)
      say(t('setUp.drawn'))
    } catch (error) {
      say(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      className="setup__draw"
      onSubmit={(event) => {
        event.preventDefault()
        void draw(seed)
      }}
    >
      {isFew && <p className="sm">{t('setUp.tooFew', { count: round.codersPerNote })}</p>}
      {!isFew && round.assignment.length === 0 && (
        <Button loading={busy} onClick={() => void draw()}>
          {t('setUp.draw')}
        </Button>
      )}
      {!isFew && round.assignment.length > 0 && (
        <>
          <TextInput
            label={t('setUp.seed')}
            description={t('setUp.seedHint')}
            inputMode="numeric"
            maxLength={19}
            value={seed}
            onChange={(event) => setTyped(event.target.value.replace(/\D/g, ''))}
          />
          {typed !== undefined && typed !== '' && typed !== round.seed && (
            <Button type="submit" variant="default" loading={busy}>
              {t('setUp.drawFrom')}
            </Button>
          )}
          <Button variant="default" loading={busy} onClick={() => void draw()}>
            {t('setUp.drawAgain')}
          </Button>
        </>
      )}
    </form>
  )
}

/** Notes against coders. By hand, a box for each; the arrows go from box to box. */
function Grid({ round, onChange }: { round: Round; onChange: Props['onChange'] }) {
  const { t } = useTranslation()
  const nameOf = useNames(round.spaceId)
  const list = useQuery(notes(round.spaceId)).data
  const [most, setMost] = useState(step)
  const [at, setAt] = useState({ row: 0, column: 0 })
  const titles = useMemo(() => new Map(list?.map((n) => [n.id as string, n])), [list])
  const of = useMemo(
    () => new Map(round.assignment.map((a) => [a.noteId as string, new Set<string>(a.coderIds)])),
    [round.assignment],
  )
  const shown = round.noteIds.slice(0, most)
  const loads = round.coderIds.map((id) => round.assignment.filter((a) => a.coderIds.includes(id)).length)
  const byHand = round.method === 'byHand'
  const [row, column] = [Math.min(at.row, shown.length - 1), Math.min(at.column, round.coderIds.length - 1)]

  function keys(event: KeyboardEvent<HTMLTableElement>) {
    const by = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key]
    if (!by || !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    const next = {
      row: Math.max(0, Math.min(row + (by[0] ?? 0), shown.length - 1)),
      column: Math.max(0, Math.min(column + (by[1] ?? 0), round.coderIds.length - 1)),
    }
    event.currentTarget.querySelector<HTMLInputElement>(`[data-cell="${next.row} ${next.column}"]`)?.focus()
  }

  return (
    <>
      {byHand && <p className="sm muted">{t('setUp.gridKeys')}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by keyboard */}
      <section className="choose choose--grid" tabIndex={0} aria-label={t('setUp.gridCaption')}>
        <table onKeyDown={byHand ? keys : undefined}>
          <thead>
            <tr>
              <th scope="col">{t('column.title')}</th>
              {round.coderIds.map((id) => (
                <th key={id} scope="col">
                  {nameOf(id)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((note, i) => (
              <tr key={note} data-lacking={(of.get(note)?.size ?? 0) === 0 || undefined}>
                <th scope="row" lang={titles.get(note)?.language || undefined}>
                  {titles.get(note)?.title ?? t('round.goneNote')}
                </th>
                {round.coderIds.map((coder, k) => (
                  <td key={coder}>
                    {byHand ? (
                      <input
                        type="checkbox"
                        data-cell={`${i} ${k}`}
                        tabIndex={i === row && k === column ? 0 : -1}
                        aria-label={`${titles.get(note)?.title ?? ''}, ${nameOf(coder)}`}
                        checked={of.get(note)?.has(coder) ?? false}
                        onFocus={() => setAt({ row: i, column: k })}
                        onChange={(event) => onChange(assigned(round, note, coder, event.currentTarget.checked))}
                      />
                    ) : (
                      of.get(note)?.has(coder) && (
                        <>
                          <Icon name="check" />
                          <span className="sr">{t('setUp.codesIt')}</span>
                        </>
                      )
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('setUp.load')}</th>
              {round.coderIds.map((id, i) => (
                <td key={id} className="num">
                  {loads[i]}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </section>
      {round.noteIds.length > most && (
        <Button variant="subtle" size="compact-sm" leftSection={<Icon name="caret" />} onClick={() => setMost(most + step)}>
          {t('setUp.more', { count: round.noteIds.length - most })}
        </Button>
      )}
    </>
  )
}
