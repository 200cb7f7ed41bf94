// Personal tokens, by which scripts of somebody's read and write in their name.

import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../api/client'
import { cache } from './queries'

export type Token = Schemas['Token']
export type NewToken = Schemas['NewToken']

export const tokens = () =>
  queryOptions({
    queryKey: ['me', 'tokens'],
    queryFn: async () => (await answer(api.GET('/api/v1/me/tokens'))).items,
  })

const refetch = () => cache.invalidateQueries({ queryKey: tokens().queryKey })

/** Makes a token and gives its secret, which the server tells this once. */
export async function makeToken(body: NewToken): Promise<string> {
  const { secret } = await answer(api.POST('/api/v1/me/tokens', { body }))
  await refetch()
  return secret
}

/** Ends a token at once. */
export async function endToken(token: string): Promise<void> {
  await answer(api.DELETE('/api/v1/me/tokens/{token}', { params: { path: { token } } }))
  await refetch()
}
