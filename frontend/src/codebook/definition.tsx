import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Code } from '../state/queries'
import { Tile } from '../ui/tile'
import './definition.css'

/** What a code means, when to use it and when another instead, with examples. */
export function Definition({ project, code, codes }: { project: string; code: Code; codes: readonly Code[] }) {
  const { t } = useTranslation()
  const beneath = codes
    .filter((c) => c.parentId === code.id && !c.archived && !c.mergedInto)
    .sort((a, b) => a.position - b.position)
  const empty = !code.definition && !code.whenToUse && code.whenNot.length === 0 && code.examples.length === 0
  return (
    <div className="def">
      {empty && <p className="muted">{t('codePage.undefined')}</p>}
      {code.definition && <p className="def__lead">{code.definition}</p>}
      {code.whenToUse && (
        <section>
          <h3>{t('codeEdit.whenToUse')}</h3>
          <p className="def__prose">{code.whenToUse}</p>
        </section>
      )}
      {code.whenNot.length > 0 && (
        <section>
          <h3>{t('codeEdit.whenNot')}</h3>
          <ul className="def__not">
            {code.whenNot.map((not, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they have no other identity
              <li key={i}>
                <Neighbour project={project} codes={codes} of={not.against} />
                <span>
                  {not.text}
                  {not.example && <q className="def__example">{not.example}</q>}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {code.examples.length > 0 && (
        <section>
          <h3>{t('codeEdit.examples')}</h3>
          <ul className="def__examples">
            {code.examples.map((example) => (
              <li key={example}>{example}</li>
            ))}
          </ul>
        </section>
      )}
      {beneath.length > 0 && (
        <section>
          <h3>{t('codePage.beneath')}</h3>
          <ul className="def__beneath">
            {beneath.map((c) => (
              <li key={c.id}>
                <Tile code={c} />
                <span>
                  <Link to="/projects/$project/codebook/$code" params={{ project, code: c.id }}>
                    {c.name}
                  </Link>
                  {c.definition && <small className="muted clip">{c.definition}</small>}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

/** The code that a passage would rather have. */
function Neighbour({ project, codes, of }: { project: string; codes: readonly Code[]; of: string }) {
  const code = codes.find((c) => c.key === of)
  if (!code) return of ? <b>{of}</b> : null
  return (
    <Link className="def__chip" data-c={code.colour} to="/projects/$project/codebook/$code" params={{ project, code: code.id }}>
      <Tile code={code} />
      {code.name}
    </Link>
  )
}
