import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useProject } from '../shell/project'
import { Rail } from '../sources/rail'
import { Reader } from './reader'
import './workspace.css'
import './highlights.css'

/** Has what a card says when it is chosen at hand when the note stands, also for when there is no network. */
const prepare = () => Promise.all([import('./card-body'), import('./edges')]).catch(() => undefined)

/** The note that is read, with the project's others in the rail. */
export function Workspace() {
  const { id, role } = useProject()
  const { note } = useParams({ strict: false }) as { note: string }
  useEffect(() => {
    const timer = setTimeout(prepare, 2000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="work">
      <Rail current={note} />
      <Reader key={note} project={id} note={note} role={role} />
    </div>
  )
}
