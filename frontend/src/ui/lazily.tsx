import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

function Away() {
  const { t } = useTranslation()
  return <p className="problem">{t('app.offline')}</p>
}

/** A piece that is loaded when it is first shown. Until it has come, nothing stands there, or what keeps its place. */
export function lazily<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
  before?: ReactNode,
): ComponentType<Props> {
  const Piece = lazy(async () => {
    try {
      return { default: (await load())[name] as ComponentType<object> }
    } catch {
      // Without a network it may not be had. The view goes on without it, and says so.
      return { default: Away }
    }
  })
  return function Lazily(props: Props) {
    return (
      <Suspense fallback={before}>
        <Piece {...props} />
      </Suspense>
    )
  }
}

const patience = 1500 // milliseconds in which the first view has come

/** Loads what a view can begin without, when that stands. */
export async function behind<Part>(load: () => Promise<Part>): Promise<Part> {
  await new Promise((resolve) => setTimeout(resolve, patience))
  return load()
}
