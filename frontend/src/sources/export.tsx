import { Button, Modal, Radio, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download, plainName } from '../api/download'
import { codes, everybody } from '../state/queries'
import { useSentence } from '../ui/problem'
import { useSitePlaces } from './filters'
import { nowhere, type SourcesSearch } from './query'
import './ask.css'

const contents = ['notes', 'codings', 'codebook'] as const
const formats = ['csv', 'xlsx', 'jsonl'] as const
type Content = (typeof contents)[number]
type Format = (typeof formats)[number]

type Props = { project: string; name: string; search: SourcesSearch; isShown: boolean; onClose: () => void }

/** Saves notes, codings or the codebook as a table. Codings can be chosen from, beginning with what the list shows. */
export function ExportDialog({ project, name, search, isShown, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Modal.Root opened={isShown} onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('export.title')}>
        <Modal.Body>
          <ExportForm project={project} name={name} search={search} onClose={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function ExportForm({ project, name, search, onClose }: Omit<Props, 'isShown'>) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const places = useSitePlaces(project)
  const codebook = useQuery(codes(project)).data ?? []
  const people = useQuery(everybody(project)).data ?? []
  const [content, setContent] = useState<Content>('notes')
  const [format, setFormat] = useState<Format>('csv')
  const [filter, setFilter] = useState({
    site: search.site === nowhere ? '' : (search.site ?? ''),
    code: '',
    coder: '',
    from: search.from ?? '',
    to: search.to ?? '',
  })
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const set = (field: keyof typeof filter) => (value: string | null) => setFilter({ ...filter, [field]: value ?? '' })

  async function save(event: FormEvent) {
    event.preventDefault()
    const wanted = content === 'codings' ? Object.entries(filter).filter(([, value]) => value !== '') : []
    const query = new URLSearchParams([['format', format], ...wanted])
    setBusy(true)
    setFault(undefined)
    try {
      await download(`/projects/${project}/exports/${content}?${query}`, fileName(name, t(`export.${content}`), format))
      onClose()
    } catch (error) {
      setFault(sentence(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="ask" onSubmit={save}>
      <h2>{t('export.title')}</h2>
      <Radio.Group
        label={t('export.what')}
        value={content}
        onChange={(v) => setContent(contents.find((c) => c === v) ?? 'notes')}
      >
        <div className="ask__choices">
          {contents.map((c, i) => (
            <Radio
              key={c}
              value={c}
              label={t(`export.${c}`)}
              description={t(`exportHint.${c}`)}
              data-autofocus={i === 0 || undefined}
            />
          ))}
        </div>
      </Radio.Group>
      {content === 'codings' && (
        <fieldset className="ask__filters">
          <legend>{t('export.only')}</legend>
          <Select
            label={t('column.site')}
            data={places}
            value={filter.site || null}
            onChange={set('site')}
            clearable
            searchable
          />
          <Select
            label={t('export.code')}
            data={codebook.filter((c) => !c.mergedInto).map((c) => ({ value: c.id, label: c.name }))}
            value={filter.code || null}
            onChange={set('code')}
            clearable
            searchable
          />
          <Select
            label={t('export.coder')}
            data={people.map((m) => ({ value: m.userId, label: m.name }))}
            value={filter.coder || null}
            onChange={set('coder')}
            clearable
            searchable
          />
          <TextInput type="date" label={t('sources.from')} value={filter.from} onChange={(e) => set('from')(e.target.value)} />
          <TextInput type="date" label={t('sources.to')} value={filter.to} onChange={(e) => set('to')(e.target.value)} />
        </fieldset>
      )}
      <Radio.Group label={t('export.format')} value={format} onChange={(v) => setFormat(formats.find((f) => f === v) ?? 'csv')}>
        <div className="ask__choices ask__choices--row">
          {formats.map((f) => (
            <Radio key={f} value={f} label={t(`format.${f}`)} />
          ))}
        </div>
      </Radio.Group>
      {fault && (
        <p className="problem" role="alert">
          {fault}
        </p>
      )}
      <div className="ask__end">
        <Button variant="default" onClick={onClose}>
          {t('sources.cancel')}
        </Button>
        <Button type="submit" loading={isBusy}>
          {t('export.save')}
        </Button>
      </div>
    </form>
  )
}

/** A name that every system takes: the project's, what is in it, and the day. */
function fileName(project: string, content: string, format: Format): string {
  return `${plainName(project)} ${content.toLocaleLowerCase()} ${new Date().toISOString().slice(0, 10)}.${format}`
}
