import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Code } from '../state/queries'
import { shortNames } from '../text/names'
import { Tile } from '../ui/tile'

/** The codes at hand under a note, with how often each is on it. */
export function CodeBar(props: {
  codes: readonly Code[]
  counts: Map<string, number>
  disabled: boolean
  onPut: (code: Code) => void
  onKeys: () => void
}) {
  const { t } = useTranslation()
  const shown = useMemo(() => {
    const all = new Set<string>(props.codes.map((c) => c.id))
    const first = props.codes.filter((c) => !all.has(c.parentId))
    const names = shortNames(first.map((c) => c.name))
    return first.map((code, i) => ({ code, name: names[i] }))
  }, [props.codes])
  return (
    <div className="codes" role="toolbar" aria-label={t('code.bar')}>
      <ul>
        {shown.map(({ code, name }) => (
          <li key={code.id}>
            {/* Pressing would take the selection away before the click. */}
            <button
              type="button"
              className="pal"
              data-c={code.colour}
              title={code.name}
              disabled={props.disabled}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => props.onPut(code)}
            >
              {code.shortcut && <kbd>{code.shortcut}</kbd>}
              <Tile code={code} />
              {name}
              <span className="num">{props.counts.get(code.id) ?? ''}</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="codes__keys" onClick={props.onKeys}>
        {t('keys.title')} <kbd>?</kbd>
      </button>
    </div>
  )
}
