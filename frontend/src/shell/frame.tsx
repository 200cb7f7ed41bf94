import { Link, Outlet } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { withWords } from '../i18n'
import { useUploads } from '../state/uploads'
import { lazily } from '../ui/lazily'
import { prepareFloating } from '../ui/opener'
import { Problem } from '../ui/problem'
import { Bar } from './bar'
import { useLeaving } from './leaving'
import { onPalette } from './palette'

const UploadTray = lazily(() => withWords('import', import('../sources/tray')), 'UploadTray')
const Palette = lazily(() => import('./palette-view'), 'Palette')
const Leaving = lazily(() => import('./leaving-view'), 'Leaving')

/** Has what may be wanted at once, or without a network, at hand when the view stands. */
const prepare = () =>
  Promise.all([prepareFloating(), import('./palette-view'), import('./leaving-view'), import('./kept-list')]).catch(
    () => undefined,
  )

/** What stands around every view: the palette is at hand everywhere, and uploads go on while one walks about. */
export function Frame() {
  return (
    <>
      <Outlet />
      <AtHand />
      <Uploads />
    </>
  )
}

/** What comes when it is asked for: the palette, and the question before one leaves unsent things behind. */
function AtHand() {
  const [found, setFound] = useState(false)
  const leaving = useLeaving()
  useEffect(() => {
    const timer = setTimeout(prepare, 2000)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    if (found) return
    const open = () => setFound(true)
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      open()
    }
    const end = onPalette(open)
    document.addEventListener('keydown', listen)
    return () => {
      end()
      document.removeEventListener('keydown', listen)
    }
  }, [found])
  return (
    <>
      {found && <Palette />}
      {leaving && <Leaving />}
    </>
  )
}

function Uploads() {
  const { files, importing } = useUploads()
  if (files.length === 0 && !importing) return null
  return <UploadTray />
}

/** Stands where there is nothing, or nothing that is shared with the reader. */
export function Missing({ error }: { error?: unknown }) {
  const { t } = useTranslation()
  return (
    <>
      <Bar />
      <main className="home" id="text" tabIndex={-1}>
        <div>
          <h1>{t('app.missing')}</h1>
          {error !== undefined && <Problem error={error} />}
          <p>
            <Link to="/">{t('app.home')}</Link>
          </p>
        </div>
      </main>
    </>
  )
}
