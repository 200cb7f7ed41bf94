import { Button, Select, Table } from '@mantine/core'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { encodings } from '../import/encodings'
import { focus, useSending } from '../settings/form'
import { filesOf, holdsFiles, pick } from '../sources/files'
import { type Roster, readRoster } from '../state/classmates'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icons'
import { say } from '../ui/toast'
import { RosterRows } from './roster-rows'
import './teaching.css'

type Read = { file: File; roster: Roster; encoding?: string | undefined }

/** Brings a list of people into a course: a file is looked at line by line before anybody is added. */
export function RosterDialog({ course, onClose }: { course: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [read, setRead] = useState<Read>()
  const [isOver, setOver] = useState(false)
  const { busy, fault, send } = useSending()

  const look = (file: File | undefined, encoding?: string) =>
    send(async () => {
      if (!file) return
      // Nobody should add the people of the list before in place of one that can't be read.
      if (file !== read?.file) setRead(undefined)
      setRead({ file, roster: await readRoster(course, file, false, encoding), encoding })
    })

  function take(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    void filesOf(event.dataTransfer).then(([first]) => look(first?.file))
  }

  return (
    <Dialog title={t('roster.title')} size={read ? 'xl' : 'lg'} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files are dropped on it; the button in it picks them too */}
      <div
        className="dialog-form roster"
        data-over={isOver || undefined}
        onDragOver={(event) => {
          if (!holdsFiles(event.dataTransfer)) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={take}
      >
        {!read && <Explained />}
        {fault}
        <Button
          variant={read ? 'default' : 'filled'}
          leftSection={<Icon name="upload" />}
          loading={busy}
          data-autofocus
          onClick={() => pick(false, ([first]) => void look(first?.file))}
        >
          {t(read ? 'roster.another' : 'roster.pick')}
        </Button>
        {read && (
          <Preview course={course} read={read} onEncoding={(encoding) => void look(read.file, encoding)} onClose={onClose} />
        )}
      </div>
    </Dialog>
  )
}

function Explained() {
  const { t } = useTranslation()
  return (
    <>
      <p>{t('roster.lead')}</p>
      <Table className="roster__example" aria-label={t('roster.example')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('roster.name')}</Table.Th>
            <Table.Th>{t('roster.email')}</Table.Th>
            <Table.Th>{t('roster.group')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Td>Maja Lund</Table.Td>
            <Table.Td>maja@example.org</Table.Td>
            <Table.Td>{t('roster.exampleGroup')}</Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <p className="sm muted">{t('roster.about')}</p>
    </>
  )
}

type PreviewProps = { course: string; read: Read; onEncoding: (encoding: string) => void; onClose: () => void }

/** What the lines of a file come to. Those that are faulty are still shown when the others have been added. */
function Preview({ course, read, onEncoding, onClose }: PreviewProps) {
  const { t } = useTranslation()
  const { busy, fault, send } = useSending()
  const [added, setAdded] = useState<Roster>()
  const { roster, file, encoding } = read

  const add = () =>
    send(async () => {
      const done = await readRoster(course, file, true, encoding)
      say(t('roster.added', { count: done.added }))
      if (done.faulty > 0) setAdded(done)
      else onClose()
    })

  if (added) {
    return (
      <>
        <p role="status" tabIndex={-1} ref={focus}>
          {t('roster.added', { count: added.added })} {t('roster.left', { count: added.faulty })}
        </p>
        <RosterRows rows={added.rows.filter((row) => row.state === 'faulty')} />
        <Button variant="default" onClick={onClose}>
          {t('invite.done')}
        </Button>
      </>
    )
  }
  return (
    <>
      <p role="status" tabIndex={-1} ref={focus}>
        {[
          t('roster.new', { count: roster.added }),
          roster.known > 0 && t('roster.known', { count: roster.known }),
          roster.duplicates > 0 && t('roster.duplicates', { count: roster.duplicates }),
          roster.faulty > 0 && t('roster.faulty', { count: roster.faulty }),
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      {roster.encoding && <Encoding now={roster.encoding.toLowerCase()} onChange={onEncoding} />}
      <RosterRows rows={roster.rows} />
      {fault}
      {roster.added > 0 ? (
        <Button loading={busy} onClick={() => void add()}>
          {t('roster.addNow', { count: roster.added })}
        </Button>
      ) : (
        <p>{t('roster.nobody')}</p>
      )}
    </>
  )
}

/** The encoding that a file was read in; another one reads it again. */
function Encoding({ now, onChange }: { now: string; onChange: (encoding: string) => void }) {
  const { t } = useTranslation()
  return (
    <Select
      label={t('roster.encoding')}
      description={t('roster.encodingAbout')}
      data={encodings.includes(now) ? encodings : [now, ...encodings]}
      value={now}
      allowDeselect={false}
      onChange={(chosen) => chosen && chosen !== now && onChange(chosen)}
    />
  )
}
