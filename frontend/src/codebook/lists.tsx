import { ActionIcon, Button, NativeSelect, Textarea } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Code } from '../state/queries'
import { Icon } from '../ui/icons'

const most = 50

/** What tells a code from its neighbours. */
export function Contrasts(props: {
  value: Code['whenNot']
  codes: readonly Code[]
  code: Code
  onChange: (all: Code['whenNot']) => void
}) {
  const { value, codes, code, onChange } = props
  const { t } = useTranslation()
  const put = (i: number, more: Partial<Code['whenNot'][number]>) =>
    onChange(value.map((not, j) => (j === i ? { ...not, ...more } : not)))
  const others = codes.filter((c) => c.id !== code.id && !c.mergedInto)
  const unknown = (key: string) => key !== '' && !others.some((c) => c.key === key)
  return (
    <Several
      title={t('codeEdit.whenNot')}
      count={value.length}
      add={t('codeEdit.addContrast')}
      onAdd={() => onChange([...value, { against: '', text: '', example: '' }])}
      remove={(i) => t('codeEdit.removeContrast', { n: i + 1 })}
      onRemove={(i) => onChange(value.filter((_, j) => j !== i))}
    >
      {(i) => {
        const not = value[i] as Code['whenNot'][number]
        return (
          <>
            <NativeSelect
              label={t('codeEdit.against')}
              value={not.against}
              onChange={(event) => put(i, { against: event.currentTarget.value })}
            >
              <option value="">{t('codeEdit.againstNone')}</option>
              {unknown(not.against) && <option value={not.against}>{not.against}</option>}
              {others.map((c) => (
                <option key={c.id} value={c.key}>
                  {c.name}
                </option>
              ))}
            </NativeSelect>
            <Textarea
              label={t('codeEdit.because')}
              autosize
              minRows={2}
              maxRows={10}
              maxLength={20_000}
              value={not.text}
              onChange={(event) => put(i, { text: event.currentTarget.value })}
            />
            <Textarea
              label={t('codeEdit.example')}
              autosize
              minRows={1}
              maxRows={10}
              maxLength={20_000}
              value={not.example}
              onChange={(event) => put(i, { example: event.currentTarget.value })}
            />
          </>
        )
      }}
    </Several>
  )
}

/** Passages that have a code. */
export function Examples({ value, onChange }: { value: readonly string[]; onChange: (all: string[]) => void }) {
  const { t } = useTranslation()
  return (
    <Several
      title={t('codeEdit.examples')}
      count={value.length}
      add={t('codeEdit.addExample')}
      onAdd={() => onChange([...value, ''])}
      remove={(i) => t('codeEdit.removeExample', { n: i + 1 })}
      onRemove={(i) => onChange(value.filter((_, j) => j !== i))}
    >
      {(i) => (
        <Textarea
          aria-label={t('codeEdit.exampleNumber', { n: i + 1 })}
          autosize
          minRows={1}
          maxRows={10}
          maxLength={20_000}
          value={value[i]}
          onChange={(event) => onChange(value.map((old, j) => (j === i ? event.currentTarget.value : old)))}
        />
      )}
    </Several>
  )
}

/** A list to add to and to take from. */
function Several(props: {
  title: string
  count: number
  add: string
  onAdd: () => void
  remove: (i: number) => string
  onRemove: (i: number) => void
  children: (i: number) => React.ReactNode
}) {
  const list = useRef<HTMLFieldSetElement>(null)
  const later = (find: string) => requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(find)?.focus())
  return (
    <fieldset className="several" ref={list}>
      <legend>{props.title}</legend>
      {Array.from({ length: props.count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other identity
        <div key={i} className="several__one">
          <div className="grow">{props.children(i)}</div>
          <ActionIcon
            variant="subtle"
            aria-label={props.remove(i)}
            onClick={() => {
              props.onRemove(i)
              later('.several__add')
            }}
          >
            <Icon name="close" />
          </ActionIcon>
        </div>
      ))}
      {props.count < most && (
        <Button
          className="several__add"
          variant="default"
          size="compact-sm"
          leftSection={<Icon name="plus" />}
          onClick={() => {
            props.onAdd()
            later('.several__one:last-of-type :is(select, textarea)')
          }}
        >
          {props.add}
        </Button>
      )}
    </fieldset>
  )
}
