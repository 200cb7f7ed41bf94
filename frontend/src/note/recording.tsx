import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address, type NoteFile, wayOf } from '../state/files'
import type { Note } from '../state/queries'
import type { Player } from './time-code'
import './files.css'

type Props = {
  project: string
  note: Note
  recordings: readonly NoteFile[]
  player: Ref<Player>
  onTime: (seconds: number) => void
}

/** A recording to listen to or look at while its words are read. It stays at the top of them. */
export function Recording({ project, note, recordings, player, onTime }: Props) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState(recordings[0]?.id as string)
  const file = recordings.find((f) => f.id === chosen) ?? (recordings[0] as NoteFile)
  const media = useRef<HTMLVideoElement>(null)
  const { data, refetch } = useQuery(address(project, note, file))
  const Tag = wayOf(file) === 'video' ? 'video' : 'audio'
  const tried = useRef('')
  useImperativeHandle(player, () => ({
    seek(seconds) {
      if (!media.current) return
      media.current.currentTime = seconds
      void media.current.play().catch(() => undefined) // it tells of its fault itself
    },
    toggle() {
      if (media.current?.paused) void media.current.play().catch(() => undefined)
      else media.current?.pause()
    },
  }))
  // An address ends with its session; a new one is asked for once, from where the old one stood.
  const at = useRef(0)
  useEffect(() => {
    if (media.current && at.current > 0 && data) media.current.currentTime = at.current
  }, [data])
  return (
    <section className="recording" aria-label={t('files.recording')}>
      {recordings.length > 1 && (
        <NativeSelect
          size="xs"
          aria-label={t('files.which')}
          data={recordings.map((f) => ({ value: f.id as string, label: f.name }))}
          value={file.id}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      )}
      <Tag
        ref={media}
        controls
        playsInline
        preload="metadata"
        src={data}
        aria-label={file.name}
        onTimeUpdate={({ currentTarget }) => {
          at.current = currentTarget.currentTime
          onTime(currentTarget.currentTime)
        }}
        onError={() => {
          if (!data || tried.current === data) return
          tried.current = data
          void refetch()
        }}
      />
    </section>
  )
}
