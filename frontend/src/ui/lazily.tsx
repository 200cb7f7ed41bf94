import { type ComponentType, lazy, Suspense } from 'react'

/** A piece that is loaded when it is first shown, and stands nowhere until it has come. */
export function lazily<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
): ComponentType<Props> {
  const Piece = lazy(async () => ({ default: (await load())[name] as ComponentType<object> }))
  return function Lazily(props: Props) {
    return (
      <Suspense>
        <Piece {...props} />
      </Suspense>
    )
  }
}
