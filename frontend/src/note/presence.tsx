import { useQuery } from '@tanstack/react-query'
import { type RefObject, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { SignedInContext, useUser } from '../shell/user'
import { presence, tellPlace } from '../state/presence'
import { members, type NoteText } from '../state/queries'
import { initials } from '../ui/tile'
import './presence.css'

const named = 3

type Reader = { id: string; name: string; block: number }

type Props = {
  project: string
  words: NoteText
  page: RefObject<HTMLElement | null>
  scroller: RefObject<HTMLElement | null>
  /** The block that was chosen, counted from one; 0 if none was. */
  now: number
  onGo: (block: number) => void
}

/** Who else reads the note, over it and at the blocks where they are; and tells the others where this reader is. */
export function Presence({ project, words, page, scroller, now, onGo }: Props) {
  const { t } = useTranslation()
  useTelling({ project, words, page, scroller, now })
  const readers = useReaders(project, words.noteId)
  const shown = readers.slice(0, named)
  const more = readers.slice(named)
  if (readers.length === 0) return null
  return (
    <>
      <ul className="present" aria-label={t('presence.here')}>
        {shown.map(({ id, name, block }) => (
          <li key={id}>
            <button
              type="button"
              className="who"
              aria-label={`${initials(name)}, ${t('presence.block', { name, n: block + 1 })}`}
              onClick={() => onGo(block + 1)}
            >
              {initials(name)}
            </button>
            <span className="present__name" aria-hidden="true">
              {t('presence.block', { name, n: block + 1 })}
            </span>
          </li>
        ))}
        {more.length > 0 && (
          <li className="present__more xs muted" title={more.map(({ name }) => name).join(', ')}>
            <span aria-hidden="true">+{more.length}</span>
            <span className="sr">{t('presence.more', { names: more.map(({ name }) => name).join(', ') })}</span>
          </li>
        )}
      </ul>
      <Markers readers={readers} words={words} page={page} />
    </>
  )
}

/** The others who read a note, by name. */
function useReaders(project: string, note: string): Reader[] {
  const user = useUser()
  const places = useQuery(presence(project)).data
  const people = useQuery(members(project)).data
  return useMemo(() => {
    const names = new Map(people?.map((m) => [m.userId as string, m.name]))
    return (places ?? [])
      .filter(({ userId, noteId }) => noteId === note && userId !== user.id && names.has(userId))
      .map(({ userId, block }) => ({ id: userId, name: names.get(userId) ?? '', block }))
      .sort((a, b) => a.block - b.block || a.name.localeCompare(b.name))
  }, [places, people, note, user.id])
}

/** Initials beside the numbers of the blocks that are read. They take no part in the layout. */
function Markers({ readers, words, page }: { readers: readonly Reader[]; words: NoteText; page: RefObject<HTMLElement | null> }) {
  const { t } = useTranslation()
  const [blocks, setBlocks] = useState<readonly Element[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has other blocks
  useLayoutEffect(() => setBlocks([...(page.current?.querySelectorAll('.blk') ?? [])]), [page, words])
  const byBlock = useMemo(() => {
    const groups = new Map<number, Reader[]>()
    for (const reader of readers) groups.set(reader.block, [...(groups.get(reader.block) ?? []), reader])
    return [...groups]
  }, [readers])
  return byBlock.map(([n, here]) => {
    const block = blocks[n]
    const names = here.map(({ name }) => t('presence.reads', { name })).join(', ')
    if (!block) return null
    return createPortal(
      <span key={n} className="here" title={names}>
        <span aria-hidden="true">
          {initials(here[0]?.name ?? '')}
          {here.length > 1 && ` +${here.length - 1}`}
        </span>
        <span className="sr">{names}</span>
      </span>,
      block,
      String(n),
    )
  })
}

/** Tells the others where this reader is, unless they don't want that. */
function useTelling({ project, words, page, scroller, now }: Omit<Props, 'onGo'>) {
  const user = useUser()
  const signedIn = useContext(SignedInContext)
  const chosen = useRef(now)
  chosen.current = now
  const tells = signedIn && user.showPresence
  const note = words.noteId
  useEffect(() => {
    if (!tells) return
    return tellPlace(project, note, () => {
      const blocks = page.current?.querySelectorAll('.blk')
      const box = scroller.current?.getBoundingClientRect()
      return blocks && box ? blockRead(blocks, box, chosen.current) : 0
    })
  }, [project, note, tells, page, scroller])
}

/** The block that is read, from 0: the chosen one while it is seen, else the one a third down the window. */
function blockRead(blocks: NodeListOf<Element>, view: DOMRect, chosen: number): number {
  const box = blocks[chosen - 1]?.getBoundingClientRect()
  if (box && box.bottom > view.top && box.top < view.bottom) return chosen - 1
  const line = view.top + view.height / 3
  let [first, last] = [0, blocks.length - 1]
  while (first < last) {
    const middle = Math.ceil((first + last) / 2)
    if ((blocks[middle]?.getBoundingClientRect().top ?? 0) <= line) first = middle
    else last = middle - 1
  }
  return Math.max(first, 0)
}
