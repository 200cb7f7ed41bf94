import type { Code } from '../state/queries'

/** A code's colour and letter; those of a sub-code are outlined. */
export function Tile({ code }: { code: Pick<Code, 'colour' | 'letter' | 'parentId'> }) {
  return (
    <span className={code.parentId ? 'tile tile--sub' : 'tile'} data-c={code.colour} aria-hidden="true">
      {code.letter}
    </span>
  )
}

/** The first letters of somebody's first and last name. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const first = [words[0], words.length > 1 ? words.at(-1) : undefined].map((w) => (w ? Array.from(w)[0] : '')).join('')
  return first.toUpperCase()
}

/** Somebody's initials, in a circle. */
export function Who({ name, me, small }: { name: string; me?: boolean; small?: boolean }) {
  return <span className={`who${me ? ' who--me' : ''}${small ? ' who--sm' : ''}`}>{initials(name)}</span>
}
