import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { locale } from '../i18n'
import { useProject } from '../shell/project'
import { counts, type Filters } from '../state/excerpts'
import { type Code, codes, everybody, sites } from '../state/queries'
import { Lines, Problem } from '../ui/problem'
import { Tile } from '../ui/tile'
import { Bars } from './bars'
import { CodeMemos } from './code-memos'
import { useDeeds } from './deeds'
import { Definition } from './definition'
import { Dialog } from './dialog'
import { Editor } from './editor'
import { Excerpts } from './excerpts'
import { readFilters } from './filters'
import { Merge } from './merge'
import { Split } from './split'
import './codebook.css'
import './code-page.css'

/** A code: what it means, and every excerpt that has it. */
export function CodePage() {
  const { t } = useTranslation()
  const { id: project } = useProject()
  const { code: id } = useParams({ strict: false }) as { code: string }
  const list = useQuery(codes(project))
  const code = list.data?.find((c) => c.id === id)
  return (
    <main className="view codepage" id="text" tabIndex={-1} key={id}>
      <div className="codepage__sheet">
        <p className="sm codepage__up">
          <Link to="/projects/$project/codebook" params={{ project }}>
            {t('codebook.title')}
          </Link>
        </p>
        {list.isPending && <Lines count={12} />}
        {list.error && <Problem error={list.error} again={() => void list.refetch()} />}
        {list.data && !code && <p className="muted">{t('codePage.missing')}</p>}
        {list.data && code && <Sheet project={project} code={code} codes={list.data} />}
      </div>
    </main>
  )
}

function Sheet({ project, code, codes: book }: { project: string; code: Code; codes: readonly Code[] }) {
  const { t, i18n } = useTranslation()
  const { role } = useProject()
  const go = useNavigate()
  useDeeds(project)
  const filters = readFilters(useSearch({ strict: false }) as Record<string, unknown>)
  const [asked, setAsked] = useState<'edit' | 'merge' | 'split'>()
  const whole = useQuery(counts(project, code.id, filters.alone ? { alone: true } : {})).data
  const places = useQuery(sites(project)).data
  const people = useQuery(everybody(project)).data
  const may = (role === 'owner' || role === 'editor') && !code.mergedInto
  const into = book.find((c) => c.id === code.mergedInto)
  const above = book.find((c) => c.id === code.parentId)
  const day = new Intl.DateTimeFormat(locale(i18n.language), { dateStyle: 'long' })
  const siteName = (id: string) => places?.find((s) => s.id === id)?.name ?? t('rail.noSite')
  const coderName = (id: string) => people?.find((m) => m.userId === id)?.name ?? ''

  function filter(next: Filters) {
    void go({
      to: '/projects/$project/codebook/$code',
      params: { project, code: code.id },
      search: next,
      resetScroll: false,
    })
  }

  return (
    <>
      <header className="codehead">
        <Tile code={code} />
        <h1>{code.name}</h1>
        {may && (
          <div className="codehead__acts row">
            <Button variant="default" size="sm" onClick={() => setAsked('edit')}>
              {t('codePage.edit')}
            </Button>
            <Button variant="default" size="sm" onClick={() => setAsked('merge')}>
              {t('codebook.merge')}
            </Button>
            <Button variant="default" size="sm" onClick={() => setAsked('split')}>
              {t('codebook.split')}
            </Button>
          </div>
        )}
        <p className="sm muted codehead__facts">
          {[
            above && t('codePage.under', { name: above.name }),
            code.shortcut && t('codebook.key', { key: code.shortcut }),
            code.inVivo && t('codePage.inVivo'),
            code.archived && !into && t('codebook.isArchived'),
            t('codePage.changed', { when: day.format(new Date(code.updatedAt)), n: code.codebookVersion }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </header>
      {into && (
        <p className="codepage__merged">
          {t('codePage.merged')}{' '}
          <Link to="/projects/$project/codebook/$code" params={{ project, code: into.id }}>
            {into.name}
          </Link>
        </p>
      )}
      <h2 className="sr">{t('codeEdit.definition')}</h2>
      <div className="codepage__two">
        <Definition project={project} code={code} codes={book} />
        {whole && whole.total > 0 && (
          <div className="codepage__use">
            <Bars
              title={t('codePage.usedAt')}
              all={whole.sites.map((s) => ({ id: s.id, name: siteName(s.id), count: s.count }))}
              colour={code.colour}
            />
            <Bars
              title={t('codePage.usedBy')}
              all={whole.coders.map((c) => ({ id: c.id, name: coderName(c.id), count: c.count }))}
            />
          </div>
        )}
      </div>
      <CodeMemos project={project} code={code} codes={book} coderName={coderName} />
      <Excerpts
        project={project}
        code={code}
        codes={book}
        filters={filters}
        whole={whole}
        siteName={siteName}
        coderName={coderName}
        onFilter={filter}
      />
      {asked === 'edit' && (
        <Dialog title={code.name} onClose={() => setAsked(undefined)}>
          <Editor project={project} code={code} codes={book} />
        </Dialog>
      )}
      {asked === 'merge' && (
        <Merge
          project={project}
          code={code}
          codes={book}
          onClose={() => setAsked(undefined)}
          onDone={(target) => {
            setAsked(undefined)
            void go({ to: '/projects/$project/codebook/$code', params: { project, code: target } })
          }}
        />
      )}
      {asked === 'split' && (
        <Split project={project} code={code} onDone={() => setAsked(undefined)} onClose={() => setAsked(undefined)} />
      )}
    </>
  )
}
