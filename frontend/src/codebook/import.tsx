import { Button, FileButton, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client'
import { type ImportedCode, importCodes, previewImport, type Source, undoChange } from '../state/codebook'
import { projects, templates } from '../state/queries'
import { useSentence } from '../ui/problem'
import { say } from '../ui/toast'
import { useDeeds } from './deeds'
import { Dialog } from './dialog'

export type From = 'template' | 'table' | 'project'

/** Adds codes from a built-in codebook, a table or another project, after a look at what they are. */
export function Import({ project, from, onClose }: { project: string; from: From; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const sentence = useSentence()
  const { tell } = useDeeds(project)
  const [source, setSource] = useState<Source>()
  const [name, setName] = useState('')
  const [found, setFound] = useState<ImportedCode[]>()
  const [fault, setFault] = useState<{ words: string; lines: string[] }>()
  const [busy, setBusy] = useState(false)
  const fresh = found?.filter((c) => !c.thereAs) ?? []

  async function look(next: Source, called: string) {
    setSource(next)
    setName(called)
    setFound(undefined)
    setFault(undefined)
    setBusy(true)
    try {
      setFound(await previewImport(project, next))
    } catch (error) {
      tellFault(error)
    } finally {
      setBusy(false)
    }
  }

  function tellFault(error: unknown) {
    const errors = error instanceof Refused ? (error.problem?.errors ?? []) : []
    const lines = errors.filter((e) => e.pointer.startsWith('/lines/')).map((e) => e.detail)
    // What is the matter with each line is told in English alone; another language names the lines.
    const areTold = lines.length > 1 && i18n.language === 'en'
    setFault({
      words: areTold ? t('codeImport.faults', { count: lines.length }) : sentence(error),
      lines: areTold ? lines : [],
    })
  }

  async function add() {
    if (!source) return
    setBusy(true)
    try {
      const made = await importCodes(project, source)
      onClose()
      const first = made[0]
      if (first) {
        tell(t('codeImport.done', { count: made.length }), Promise.resolve(), () => undoChange(project, first.id, first.version))
      } else say(t('codeImport.nothing'))
    } catch (error) {
      tellFault(error)
      setBusy(false)
    }
  }

  return (
    <Dialog wide title={t(`codeImport.${from}`)} onClose={onClose}>
      {from === 'table' && (
        <>
          <p className="muted">{t('codeImport.tableHint')}</p>
          <div className="row">
            <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => file && void look({ table: file }, file.name)}>
              {(props) => (
                <Button {...props} variant="default" data-autofocus>
                  {t('codeImport.choose')}
                </Button>
              )}
            </FileButton>
            <span className="clip muted">{name}</span>
          </div>
        </>
      )}
      {from === 'template' && <FromTemplate onChoose={look} />}
      {from === 'project' && <FromProject here={project} onChoose={look} />}
      {fault && (
        <div className="problem" role="alert">
          <p>{fault.words}</p>
          {fault.lines.length > 0 && (
            <ul>
              {fault.lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {found && <Preview found={found} />}
      <div className="dialog__foot">
        <Button variant="default" onClick={onClose}>
          {t('codebook.cancel')}
        </Button>
        <Button disabled={fresh.length === 0} loading={busy} onClick={add}>
          {found ? t('codeImport.add', { count: fresh.length }) : t('codebook.add')}
        </Button>
      </div>
    </Dialog>
  )
}

function Preview({ found }: { found: readonly ImportedCode[] }) {
  const { t } = useTranslation()
  const there = found.filter((c) => c.thereAs).length
  const parents = new Map(found.map((c) => [c.key, c.parentKey]))
  const depth = (key: string): number => {
    const parent = parents.get(key)
    return parent ? 1 + depth(parent) : 0
  }
  return (
    <section aria-label={t('codeImport.preview')} className="incoming">
      <p role="status">
        {t('codeImport.new', { count: found.length - there })}
        {there > 0 && ` ${t('codeImport.there', { count: there })}`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it */}
      <div className="incoming__table" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{t('codeEdit.name')}</th>
              <th>{t('codeEdit.definition')}</th>
              <th>{t('codeImport.fate')}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((c) => (
              <tr key={c.key} className={c.thereAs ? 'muted' : undefined}>
                <td style={{ paddingLeft: 8 + 18 * depth(c.key) }}>{c.name}</td>
                <td>{c.definition}</td>
                <td>{t(c.thereAs ? 'codeImport.stays' : 'codeImport.comes')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

type Choose = (source: Source, name: string) => void

function FromTemplate({ onChoose }: { onChoose: Choose }) {
  const { t, i18n } = useTranslation()
  const [language, setLanguage] = useState<'en' | 'da'>(i18n.language === 'da' ? 'da' : 'en')
  const [chosen, setChosen] = useState('')
  const all = useQuery(templates(language)).data ?? []
  const choose = (key: string, tongue: 'en' | 'da') => {
    setChosen(key)
    setLanguage(tongue)
    if (key) onChoose({ template: key, language: tongue }, key)
  }
  return (
    <>
      <fieldset className="make__set">
        <legend className="sr">{t('codeImport.template')}</legend>
        {all.map((b, i) => (
          <label key={b.key} className="tpl">
            <input
              type="radio"
              name="book"
              data-autofocus={i === 0 || undefined}
              checked={chosen === b.key}
              onChange={() => choose(b.key, language)}
            />
            <span>{b.name}</span>
            <small>{b.description}</small>
          </label>
        ))}
      </fieldset>
      <NativeSelect
        label={t('codeImport.language')}
        value={language}
        onChange={(event) => choose(chosen, event.currentTarget.value === 'da' ? 'da' : 'en')}
      >
        <option value="en">English</option>
        <option value="da">Dansk</option>
      </NativeSelect>
    </>
  )
}

function FromProject({ here, onChoose }: { here: string; onChoose: Choose }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState('')
  const others = useQuery(projects()).data?.filter((p) => p.id !== here)
  if (others?.length === 0) return <p className="muted">{t('codeImport.noProject')}</p>
  return (
    <NativeSelect
      data-autofocus
      label={t('codeImport.other')}
      value={chosen}
      onChange={(event) => {
        setChosen(event.currentTarget.value)
        if (event.currentTarget.value) onChoose({ fromProjectId: event.currentTarget.value }, '')
      }}
    >
      <option value="">{t('codeImport.chooseProject')}</option>
      {others?.map((p) => (
        <option key={p.id} value={p.id}>
          {p.name}
        </option>
      ))}
    </NativeSelect>
  )
}
