import type { Menu, MenuProps, PopoverProps } from '@mantine/core'
import {
  type ButtonHTMLAttributes,
  cloneElement,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react'
import { useTranslation } from 'react-i18next'
import { say } from './toast'

type Floating = typeof import('./floating')
type Button = ReactElement<ButtonHTMLAttributes<HTMLButtonElement> & { ref?: RefObject<HTMLButtonElement | null> }>

let had: Floating | undefined

/** Has at hand what menus and the like need, so that the first one opens at once. */
export async function prepareFloating(): Promise<Floating> {
  had ??= await import('./floating')
  return had
}

const prepare = () => void prepareFloating().catch(() => undefined)

/**
 * What lets a button open something, once it has come, and whether it may stand open. The button is drawn
 * anew when it comes; the focus stays on it, so that it can be given back.
 */
function useFloating(opened: boolean, onOpen: (opened: boolean) => void) {
  const { t } = useTranslation()
  const button = useRef<HTMLButtonElement>(null)
  const focused = useRef(false)
  const [floating, setFloating] = useState(had)
  const [isReady, setReady] = useState(floating !== undefined)
  const fail = useEffectEvent(() => {
    onOpen(false)
    say(t('app.offline'))
  })
  useEffect(() => {
    if (!opened || floating) return
    let isOver = false
    const come = (loaded: Floating) => {
      if (isOver) return
      focused.current = document.activeElement === button.current
      setFloating(loaded)
    }
    prepareFloating().then(come, () => isOver || fail())
    return () => {
      isOver = true
    }
  }, [opened, floating])
  useEffect(() => {
    if (!floating) return
    if (focused.current) button.current?.focus({ preventScroll: true })
    focused.current = false
    setReady(true)
  }, [floating])
  return { floating, button, isOpen: opened && isReady }
}

type MenuButtonProps = {
  /** What opens the menu. It stands there at once, the menu when it is opened. */
  button: Button
  position: MenuProps['position']
  /** How wide the menu gets at most. */
  maw?: number
  /** What is in the menu. */
  children: (menu: typeof Menu) => ReactNode
}

/** A button with a menu. */
export function MenuButton({ button, position, maw, children }: MenuButtonProps) {
  const [opened, setOpened] = useState(false)
  const { floating, button: ref, isOpen } = useFloating(opened, setOpened)
  if (!floating) return <Waiting button={button} popup="menu" onOpen={() => setOpened(true)} target={ref} />
  return (
    <floating.Menu position={position} opened={isOpen} onChange={setOpened}>
      <floating.Menu.Target>{cloneElement(button, { ref })}</floating.Menu.Target>
      <floating.Menu.Dropdown maw={maw}>{children(floating.Menu)}</floating.Menu.Dropdown>
    </floating.Menu>
  )
}

type PopoverButtonProps = Pick<PopoverProps, 'position' | 'width'> & {
  button: Button
  opened: boolean
  onOpen: (opened: boolean) => void
  /** What is opened, in a word or two. */
  label: string
  className?: string
  children: ReactNode
}

/** A button with some controls that stand open until they are left. */
export function PopoverButton({ button, opened, onOpen, label, className, children, ...place }: PopoverButtonProps) {
  const { floating, button: ref, isOpen } = useFloating(opened, onOpen)
  if (!floating) return <Waiting button={button} popup="dialog" onOpen={() => onOpen(true)} target={ref} />
  return (
    <floating.Popover {...place} opened={isOpen} onChange={onOpen} trapFocus returnFocus withinPortal>
      <floating.Popover.Target>{cloneElement(button, { ref, onClick: () => onOpen(!opened) })}</floating.Popover.Target>
      <floating.Popover.Dropdown className={className} aria-label={label}>
        {children}
      </floating.Popover.Dropdown>
    </floating.Popover>
  )
}

type WaitingProps = { button: Button; popup: 'menu' | 'dialog'; onOpen: () => void; target: RefObject<HTMLButtonElement | null> }

/** The button before there is anything to open. Whoever goes near it will soon open it. */
function Waiting({ button, popup, onOpen, target }: WaitingProps) {
  return cloneElement(button, {
    ref: target,
    'aria-haspopup': popup,
    'aria-expanded': false,
    onClick: onOpen,
    onPointerEnter: prepare,
    onFocus: prepare,
  })
}
