import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { type Found, offer } from '../state/uploads'
import { say } from '../ui/toast'

/** The most files that the server keeps for one member of a project. */
const most = 500

/** Takes files that somebody dropped, picked or pasted to where they are looked at. */
export function useBring(project: string): (found: Found[]) => void {
  const { t } = useTranslation()
  const go = useNavigate()
  return useCallback(
    (found) => {
      if (found.length === 0) return
      void go({ to: '/projects/$project/import', params: { project }, search: {} })
      if (found.length > most) say(t('sources.tooMany', { count: most }))
      offer(project, found.slice(0, most)).catch(() => say(t('app.offline')))
    },
    [go, project, t],
  )
}
