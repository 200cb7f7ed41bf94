import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newID } from 'uuid'
import type { Prompt } from '../state/exercises'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'
import { say } from '../ui/toast'
import { inLanguage } from './bilingual'
import { moved } from './exercise-form'
import { PromptCard } from './prompt-card'
import { useOrder } from './use-order'

const most = 30 // prompts of one exercise

type Props = {
  prompts: readonly Prompt[]
  codes: readonly Code[]
  /** Whether what is missing was tried to be saved, and is said. */
  isTried: boolean
  /** Changes the prompts as they are by then. */
  onChange: (by: (prompts: readonly Prompt[]) => Prompt[]) => void
}

/** The prompts of an exercise, in their order: written, added, taken away and put elsewhere. */
export function PromptsField({ prompts, codes, isTried, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [told, setTold] = useState('')
  const wish = useRef<string>(undefined) // what is to have the focus once it stands where it belongs
  const root = useRef<HTMLDivElement>(null)
  const { list, drag, grip } = useOrder(move)

  useEffect(() => {
    if (!wish.current) return
    root.current?.querySelector<HTMLElement>(wish.current)?.focus()
    wish.current = undefined
  })

  function move(from: number, to: number) {
    const one = prompts[from]
    if (!one || to < 0 || to >= prompts.length) return
    onChange((all) => moved(all, from, to))
    setTold(t('prompt.moved', { title: inLanguage(one.title, i18n.language), n: to + 1, count: prompts.length }))
  }

  /** Moves by key or button, and keeps the focus where it was. */
  function step(i: number, by: -1 | 1) {
    const id = prompts[i]?.id
    const to = i + by
    if (!id || to < 0 || to >= prompts.length) return
    // The button that leads further is off at an end: then the other has the focus.
    const isLast = by === -1 ? to === 0 : to === prompts.length - 1
    const onName = document.activeElement?.hasAttribute('data-toggle')
    wish.current = `[data-prompt="${id}"] ${onName ? '[data-toggle]' : `[data-step="${isLast ? -by : by}"]`}`
    move(i, to)
  }

  function add() {
    const id = newID()
    const empty = { en: '', da: '' }
    setOpened(new Set([...opened, id]))
    wish.current = `[data-prompt="${id}"] input`
    onChange((all) => [...all, { id, title: empty, question: empty, codeId: codes[0]?.id ?? '' }])
  }

  function remove(i: number) {
    const one = prompts[i]
    if (!one) return
    const next = prompts[i + 1] ?? prompts[i - 1]
    wish.current = next ? `[data-prompt="${next.id}"] [data-toggle]` : '[data-add]'
    onChange((all) => all.filter(({ id }) => id !== one.id))
    say(t('prompt.removed', { n: i + 1 }), () =>
      onChange((all) => (all.some(({ id }) => id === one.id) ? [...all] : all.toSpliced(i, 0, one))),
    )
  }

  return (
    <div className="prompts" ref={root}>
      {prompts.length === 0 && <p className="muted">{t('exercise.noPrompts')}</p>}
      <ol ref={list}>
        {prompts.map((prompt, i) => (
          <PromptCard
            key={prompt.id}
            prompt={prompt}
            codes={codes}
            place={{ at: i, of: prompts.length }}
            isOpen={opened.has(prompt.id)}
            isTried={isTried}
            drop={drag && drag.to === i && drag.from !== i ? (drag.to < drag.from ? 'before' : 'after') : undefined}
            isDragged={drag?.from === i}
            grip={grip(i)}
            onToggle={() => setOpened(toggled(opened, prompt.id))}
            onStep={(by) => step(i, by)}
            onRemove={() => remove(i)}
            onChange={(fields) => onChange((all) => all.map((p) => (p.id === prompt.id ? { ...p, ...fields } : p)))}
          />
        ))}
      </ol>
      <p className="sr" role="status">
        {told}
      </p>
      <Button
        data-add
        variant="default"
        leftSection={<Icon name="plus" />}
        disabled={prompts.length >= most || codes.length === 0}
        onClick={add}
      >
        {t('prompt.add')}
      </Button>
    </div>
  )
}

function toggled(all: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(all)
  if (!next.delete(id)) next.add(id)
  return next
}
