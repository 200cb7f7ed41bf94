import { useParams } from '@tanstack/react-router'
import { useProject } from '../shell/project'
import { Rail } from '../sources/rail'
import { Reader } from './reader'
import './workspace.css'
import './highlights.css'

/** The note that is read, with the project's others in the rail. */
export function Workspace() {
  const { id, role } = useProject()
  const { note } = useParams({ strict: false }) as { note: string }
  return (
    <div className="work">
      <Rail current={note} />
      <Reader key={note} project={id} note={note} role={role} />
    </div>
  )
}
