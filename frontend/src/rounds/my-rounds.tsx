import { useQuery } from '@tanstack/react-query'
import { withWords } from '../i18n'
import { useUser } from '../shell/user'
import { rounds } from '../state/queries'
import { lazily } from '../ui/lazily'

const RoundLines = lazily(() => withWords('rounds', import('./rail-line')), 'RoundLines')

/** The blind rounds that I code in; nothing is loaded where there are none. */
export function MyRounds({ project }: { project: string }) {
  const user = useUser()
  const mine = useQuery(rounds(project)).data?.filter((r) => r.state === 'blind' && r.coderIds.includes(user.id)) ?? []
  return mine.length > 0 && <RoundLines project={project} mine={mine} />
}
