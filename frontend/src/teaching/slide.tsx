import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { joining } from '../state/classmates'
import { course } from '../state/courses'
import { useKeys } from '../ui/keys'
import { Lines, Problem } from '../ui/problem'
import { Qr } from './qr'
import './slide.css'

const route = getRouteApi('/courses/$course/slide')

/** How a course is joined, as large as the screen: to be read from the last row of a lecture hall. */
export function Slide() {
  const { t } = useTranslation()
  const { course: id } = route.useParams()
  const about = useQuery(course(id))
  const state = useQuery(joining(id))
  const fault = about.error ?? state.error
  const again = () => {
    void about.refetch()
    void state.refetch()
  }
  return (
    <main className="slide" id="text" tabIndex={-1}>
      <header className="slide__top">
        <h1>{about.data?.name}</h1>
        <FullScreen />
        <Link to="/courses/$course/people" params={{ course: id }}>
          {t('slide.back')}
        </Link>
      </header>
      {fault && <Problem error={fault} again={again} />}
      {(about.isPending || state.isPending) && <Lines />}
      {state.data === null && <p className="slide__closed">{t('slide.closed')}</p>}
      {state.data && (
        <div className="slide__way">
          <div className="slide__words">
            <p>{t('slide.goTo')}</p>
            <p className="slide__address">{location.host}/join</p>
            <p>{t('slide.type')}</p>
            <p className="slide__code">{state.data.code}</p>
          </div>
          <figure>
            <Qr link={`${location.origin}/join?code=${state.data.code.replace('-', '')}`} label={t('slide.qr')} />
            <figcaption>{t('slide.scan')}</figcaption>
          </figure>
        </div>
      )}
    </main>
  )
}

/** Fills the whole screen, or gives it back. */
function FullScreen() {
  const { t } = useTranslation()
  const [isFull, setFull] = useState(document.fullscreenElement !== null)
  useEffect(() => {
    const end = new AbortController()
    document.addEventListener('fullscreenchange', () => setFull(document.fullscreenElement !== null), { signal: end.signal })
    return () => {
      end.abort()
      if (document.fullscreenElement) void document.exitFullscreen()
    }
  }, [])
  const turn = () => {
    const turned = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
    turned.catch(() => undefined) // a browser that doesn't leave the page as it is
  }
  useKeys({ f: turn })
  if (!document.fullscreenEnabled) return null
  return (
    <button type="button" aria-keyshortcuts="F" onClick={turn}>
      {t(isFull ? 'slide.small' : 'slide.full')}
    </button>
  )
}
