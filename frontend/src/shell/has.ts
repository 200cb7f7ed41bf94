import { useRouter } from '@tanstack/react-router'

/** Says whether the app has a view of projects at a path. */
export function useHas(): (path: string) => boolean {
  const { routesByPath } = useRouter()
  return (path) => `/projects/$project/${path}` in routesByPath
}
