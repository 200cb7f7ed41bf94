import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressed, meant, type Person, typedName } from '../text/mentions'
import { useSentence } from '../ui/problem'
import { Who } from '../ui/tile'

const listed = 5

type Props = {
  label: string
  /** Where what is typed is kept until it is sent. */
  draft: string
  /** The words that are changed, with names in them; a new comment has none. */
  text?: string
  /** Who may be mentioned. */
  people: readonly Person[]
  /** Sends the words, with ids instead of names. */
  onSend: (text: string) => Promise<void>
  onClose: () => void
}

/** Where a comment is written. Enter sends it, Shift-Enter begins a line, and @ lists those who can be mentioned. */
export function CommentField({ label, draft, text, people, onSend, onClose }: Props) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const list = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const chosen = useRef<string[]>([])
  const [typed, setTyped] = useState(() => sessionStorage.getItem(draft) ?? text ?? '')
  const [naming, setNaming] = useState<ReturnType<typeof typedName>>()
  const [marked, setMarked] = useState(0)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const found = naming ? meant(people, naming.words).slice(0, listed) : []
  const option = found[Math.min(marked, found.length - 1)]

  function take(next: string) {
    setTyped(next)
    sessionStorage.setItem(draft, next)
  }

  function look() {
    if (!field.current) return
    setNaming(typedName(field.current.value, field.current.selectionStart))
    setMarked(0)
  }

  function mention({ id, name }: Person) {
    if (!field.current || !naming) return
    field.current.setRangeText(`@${name} `, naming.start, field.current.selectionStart, 'end')
    chosen.current.push(id)
    take(field.current.value)
    setNaming(undefined)
  }

  async function send() {
    const words = typed.trim()
    if (words === '' || busy) return
    const isNew = text === undefined
    setBusy(!isNew) // the next one can be written while a new one is on its way
    setFault(undefined)
    try {
      const sent = onSend(addressed(words, people, chosen.current))
      if (isNew) take('') // it stands in the thread already
      await sent
      if (!isNew || !field.current?.value) sessionStorage.removeItem(draft)
    } catch (error) {
      // What was refused stands there again, before what was typed meanwhile.
      if (isNew) take([words, field.current?.value].filter(Boolean).join('\n'))
      setFault(sentence(error))
    }
    setBusy(false)
  }

  function onKeyDown(event: React.KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    const n = found.length
    if (option && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
      setMarked((found.indexOf(option) + (event.key === 'ArrowDown' ? 1 : n - 1)) % n)
    else if (option && (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) mention(option)
    else if (option && event.key === 'Escape') setNaming(undefined)
    else if (event.key === 'Enter' && !event.shiftKey) void send()
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="thread__field">
      <textarea
        ref={field}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={option && list}
        aria-activedescendant={option && `${list}${option.id}`}
        placeholder={t('comment.placeholder')}
        rows={2}
        maxLength={5000}
        value={typed}
        onChange={(event) => {
          take(event.target.value)
          look()
        }}
        onSelect={() => naming && look()}
        onBlur={() => setNaming(undefined)}
        onKeyDown={onKeyDown}
      />
      <p className="sr" role="status">
        {option && t('comment.people', { count: found.length })}
      </p>
      {option && (
        <div className="thread__people" id={list} role="listbox" aria-label={t('comment.mention')}>
          {found.map((person) => (
            // biome-ignore lint/a11y: the field above has the keys, and says which option is marked
            <div
              key={person.id}
              id={`${list}${person.id}`}
              role="option"
              aria-selected={person === option}
              onMouseDown={(event) => {
                event.preventDefault()
                mention(person)
              }}
            >
              <span aria-hidden="true">
                <Who name={person.name} small />
              </span>
              <span className="clip">{person.name}</span>
            </div>
          ))}
        </div>
      )}
      {fault && (
        <p className="xs bad" role="alert">
          {fault}
        </p>
      )}
      <div className="row">
        <span className="grow xs muted thread__hint">{t('comment.hint')}</span>
        <button type="button" className="quiet" onClick={onClose}>
          {t('comment.close')}
        </button>
        <button type="button" className="quiet" disabled={typed.trim() === ''} onClick={() => void send()}>
          {t('comment.send')}
        </button>
      </div>
    </div>
  )
}
