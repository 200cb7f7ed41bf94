import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icons'
import { filesOf, holdsFiles } from './files'
import { useBring } from './use-bring'
import './drop.css'

/** Takes files that are dropped anywhere on a view, or pasted into it. */
export function DropZone({ project, children }: { project: string; children: ReactNode }) {
  const { t } = useTranslation()
  const [isOver, setOver] = useState(false)
  const bring = useBring(project)
  const depth = useRef(0) // of elements that the files were dragged into and not out of again
  useEffect(() => {
    const end = new AbortController()
    const on = <K extends keyof WindowEventMap>(name: K, does: (event: WindowEventMap[K]) => void) =>
      addEventListener(name, does, { signal: end.signal })
    const over = (by: number) => {
      depth.current = Math.max(0, depth.current + by)
      setOver(depth.current > 0)
    }
    on('dragenter', (event) => holdsFiles(event.dataTransfer) && over(1))
    on('dragleave', (event) => holdsFiles(event.dataTransfer) && over(-1))
    on('dragover', (event) => holdsFiles(event.dataTransfer) && event.preventDefault())
    on('drop', (event) => {
      if (!event.dataTransfer || !holdsFiles(event.dataTransfer)) return
      event.preventDefault()
      over(-depth.current)
      void filesOf(event.dataTransfer).then(bring)
    })
    on('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      bring(files.map((file) => ({ file, path: '' })))
    })
    return () => end.abort()
  }, [bring])
  return (
    <>
      {children}
      {isOver && (
        <div className="drop" aria-hidden="true">
          <p>
            <Icon name="upload" />
            {t('sources.drop')}
          </p>
        </div>
      )}
    </>
  )
}
