import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Site } from '../state/queries'
import { type Participant, saveParticipant, saveSite } from '../state/sources'
import { useSentence } from '../ui/problem'
import { useSitePlaces } from './filters'
import { within } from './query'
import './ask.css'

type AskProps = { title: string; onClose: () => void; save: () => Promise<unknown>; children: ReactNode }

/** A form in a dialog that stays, with the reason, when the server refuses. */
function Ask({ title, onClose, save, children }: AskProps) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFault(undefined)
    try {
      await save()
      onClose()
    } catch (error) {
      setFault(sentence(error))
      setBusy(false)
    }
  }
  return (
    <Modal.Root opened onClose={onClose}>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body>
          <form className="ask" onSubmit={submit}>
            <h2>{title}</h2>
            {children}
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
                {t('people.save')}
              </Button>
            </div>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** Makes a site, or changes one. */
export function SiteDialog(props: { project: string; site: Site | undefined; all: readonly Site[]; onClose: () => void }) {
  const { t } = useTranslation()
  const { project, site, all, onClose } = props
  const [fields, setFields] = useState({
    name: site?.name ?? '',
    kind: site?.kind ?? '',
    description: site?.description ?? '',
    parentId: site?.parentId ?? '',
  })
  const below = site ? within(all, site.id) : new Set<string>()
  const places = useSitePlaces(project).filter(({ value }) => !below.has(value))
  const set = (field: keyof typeof fields) => (value: string | null) => setFields((old) => ({ ...old, [field]: value ?? '' }))
  return (
    <Ask title={t(site ? 'people.changeSite' : 'people.addSite')} onClose={onClose} save={() => saveSite(project, fields, site)}>
      <TextInput
        data-autofocus
        label={t('people.name')}
        required
        maxLength={200}
        value={fields.name}
        onChange={(e) => set('name')(e.target.value)}
      />
      <TextInput
        label={t('people.kind')}
        description={t('people.kindHint')}
        maxLength={200}
        value={fields.kind}
        onChange={(e) => set('kind')(e.target.value)}
      />
      <Select
        label={t('people.parent')}
        placeholder={t('people.noParent')}
        data={places}
        value={fields.parentId || null}
        onChange={set('parentId')}
        clearable
        searchable
      />
      <Textarea
        label={t('people.description')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={20_000}
        value={fields.description}
        onChange={(e) => set('description')(e.target.value)}
      />
    </Ask>
  )
}

/** Makes a participant, or changes one. */
export function ParticipantDialog(props: { project: string; participant: Participant | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const { project, participant, onClose } = props
  const [fields, setFields] = useState({
    pseudonym: participant?.pseudonym ?? '',
    actorRole: participant?.actorRole ?? '',
    siteId: participant?.siteId ?? '',
    description: participant?.description ?? '',
  })
  const places = useSitePlaces(project)
  const set = (field: keyof typeof fields) => (value: string | null) => setFields((old) => ({ ...old, [field]: value ?? '' }))
  return (
    <Ask
      title={t(participant ? 'people.changeParticipant' : 'people.addParticipant')}
      onClose={onClose}
      save={() => saveParticipant(project, fields, participant)}
    >
      <TextInput
        data-autofocus
        label={t('people.pseudonym')}
        description={t('people.pseudonymHint')}
        required
        maxLength={200}
        value={fields.pseudonym}
        onChange={(e) => set('pseudonym')(e.target.value)}
      />
      <TextInput
        label={t('people.role')}
        description={t('people.roleHint')}
        maxLength={200}
        value={fields.actorRole}
        onChange={(e) => set('actorRole')(e.target.value)}
      />
      <Select
        label={t('column.site')}
        placeholder={t('rail.noSite')}
        data={places}
        value={fields.siteId || null}
        onChange={set('siteId')}
        clearable
        searchable
      />
      <Textarea
        label={t('people.description')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={20_000}
        value={fields.description}
        onChange={(e) => set('description')(e.target.value)}
      />
    </Ask>
  )
}
