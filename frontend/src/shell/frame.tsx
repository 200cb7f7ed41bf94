import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Problem } from '../ui/problem'
import { Bar } from './bar'
import { Palette } from './palette-view'

/** What stands around every view: the palette is at hand everywhere. */
export function Frame() {
  return (
    <>
      <Outlet />
      <Palette />
    </>
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
