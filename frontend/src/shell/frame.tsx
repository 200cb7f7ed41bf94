import { Link, Outlet } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useUploads } from '../state/uploads'
import { Problem } from '../ui/problem'
import { Bar } from './bar'
import { Leaving } from './leaving'
import { Palette } from './palette-view'

const UploadTray = lazy(() => import('../sources/tray').then(({ UploadTray }) => ({ default: UploadTray })))

/** What stands around every view: the palette is at hand everywhere, and uploads go on while one walks about. */
export function Frame() {
  return (
    <>
      <Outlet />
      <Palette />
      <Leaving />
      <Uploads />
    </>
  )
}

function Uploads() {
  const { files, offered } = useUploads()
  if (files.length === 0 && !offered) return null
  return (
    <Suspense>
      <UploadTray />
    </Suspense>
  )
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
