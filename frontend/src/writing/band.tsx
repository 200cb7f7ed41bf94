import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useProject } from '../shell/project'

type Props = { words: string; bad?: boolean; link?: { to: '/projects/$project/write'; words: string }; children?: ReactNode }

/** Something that whoever writes should know, above what they write. */
export function Band({ words, bad, link, children }: Props) {
  const { id } = useProject()
  return (
    <div className={bad ? 'writeband writeband--bad' : 'writeband'} role={bad ? 'alert' : 'status'}>
      <p className="grow">{words}</p>
      {link && (
        <Link to={link.to} params={{ project: id }}>
          {link.words}
        </Link>
      )}
      {children}
    </div>
  )
}
