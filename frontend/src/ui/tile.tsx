import type { Code } from '../state/queries'

/** A code's colour and letter; those of a sub-code are outlined. */
export function Tile({ code }: { code: Pick<Code, 'colour' | 'letter' | 'parentId'> }) {
  return (
    <span className={code.parentId ? 'tile tile--sub' : 'tile'} data-c={code.colour} aria-hidden="true">
      {code.letter}
    </span>
  )
}

/** Somebody's initials. */
export function Who({ name, me, small }: { name: string; me?: boolean; small?: boolean }) {
  const words = name.split(/\s+/).filter(Boolean)
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((w) => (w ? Array.from(w)[0] : '')).join('')
  return <span className={`who${me ? ' who--me' : ''}${small ? ' who--sm' : ''}`}>{initials.toUpperCase()}</span>
}
