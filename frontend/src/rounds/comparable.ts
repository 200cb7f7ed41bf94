import type { Round } from '../state/queries'

/** Whether a member sees what all coders of a round put, as the server has it (`Round.ReadBy`). */
export function comparable(round: Round, role: string | undefined, user: string): boolean {
  if (round.state === 'revealed') return true
  const sealed = round.state === 'locked' || (round.state === 'blind' && !round.coderIds.includes(user))
  return round.readAlong === 'owners' && role === 'owner' && sealed
}
