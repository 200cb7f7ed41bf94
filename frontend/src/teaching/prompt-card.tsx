import { ActionIcon, NativeSelect } from '@mantine/core'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Prompt } from '../state/exercises'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'
import { Tile } from '../ui/tile'
import { inLanguage, isEmpty, languageOf } from './bilingual'
import { BilingualField } from './bilingual-field'

type Props = {
  prompt: Prompt
  codes: readonly Code[]
  place: { at: number; of: number }
  isOpen: boolean
  isTried: boolean
  drop: 'before' | 'after' | undefined
  isDragged: boolean
  grip: { onPointerDown: (event: PointerEvent) => void }
  onToggle: () => void
  onStep: (by: -1 | 1) => void
  onRemove: () => void
  onChange: (fields: Partial<Prompt>) => void
}

/** A prompt: one line of it, and when it is opened all that is written of it. */
export function PromptCard(props: Props) {
  const { prompt, codes, place, isOpen, isTried, drop, isDragged, grip, onToggle, onStep, onRemove, onChange } = props
  const { t, i18n } = useTranslation()
  const title = inLanguage(prompt.title, i18n.language)
  const n = place.at + 1
  const name = t('prompt.nth', { n, title })
  const code = codes.find(({ id }) => id === prompt.codeId)
  const isUntitled = isTried && isEmpty(prompt.title)
  const body = `prompt-${prompt.id}`
  return (
    <li
      className="card prompt"
      data-prompt={prompt.id}
      data-drop={drop}
      data-dragged={isDragged || undefined}
      data-lacking={isUntitled || undefined}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it */}
      <div className="row prompt__head" onKeyDown={(event) => stepByKey(event, onStep)}>
        <span className="prompt__grip" title={t('prompt.drag')} {...grip}>
          <Icon name="grip" />
        </span>
        <button
          type="button"
          className="grow prompt__name"
          data-toggle
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={onToggle}
        >
          <span className="num muted">{n}.</span>
          {code && <Tile code={code} />}
          <span className="clip grow" lang={title ? languageOf(prompt.title, i18n.language) : undefined}>
            {title || t('prompt.untitled')}
          </span>
          {code && <span className="xs muted clip prompt__code">{code.name}</span>}
          <span className="prompt__fold" data-open={isOpen || undefined}>
            <Icon name="chevron" />
          </span>
        </button>
        <ActionIcon
          variant="subtle"
          data-step="-1"
          aria-label={t('prompt.up', { name })}
          aria-keyshortcuts="Alt+ArrowUp"
          disabled={place.at === 0}
          onClick={() => onStep(-1)}
        >
          <Icon name="up" />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          data-step="1"
          aria-label={t('prompt.down', { name })}
          aria-keyshortcuts="Alt+ArrowDown"
          disabled={place.at === place.of - 1}
          onClick={() => onStep(1)}
        >
          <Icon name="down" />
        </ActionIcon>
        <ActionIcon variant="subtle" aria-label={t('prompt.remove', { name })} onClick={onRemove}>
          <Icon name="bin" />
        </ActionIcon>
      </div>
      <div className="prompt__body" id={body} hidden={!isOpen && !isUntitled}>
        <BilingualField
          label={(tongue) => t(`promptTitle.${tongue}`)}
          value={prompt.title}
          error={isUntitled && t('exerciseLack.promptTitles')}
          onChange={(title) => onChange({ title })}
        />
        <BilingualField
          label={(tongue) => t(`promptQuestion.${tongue}`)}
          value={prompt.question}
          isLong
          onChange={(question) => onChange({ question })}
        />
        <NativeSelect
          className="prompt__tie"
          label={t('prompt.code')}
          description={t('prompt.codeHint')}
          value={prompt.codeId}
          onChange={(event) => onChange({ codeId: event.currentTarget.value })}
        >
          {!code && <option value={prompt.codeId}>{t('prompt.noCode')}</option>}
          {codes.map(({ id, name, parentId }) => (
            <option key={id} value={id}>
              {(parentId && '\u2003') + name}
            </option>
          ))}
        </NativeSelect>
      </div>
    </li>
  )
}

/** Alt with an arrow puts a prompt one place up or down. */
function stepByKey(event: KeyboardEvent, onStep: (by: -1 | 1) => void) {
  const by = event.altKey && ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key]
  if (!by) return
  event.preventDefault()
  onStep(by)
}
