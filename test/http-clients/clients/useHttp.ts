import { useMemo } from 'react'
import { useSession } from 'signoff'
import { createHttp } from './openapiFetch.ts'

export const useHttp = (baseUrl: string) => {
  const { fetch } = useSession()
  return useMemo(() => createHttp(fetch, baseUrl), [fetch, baseUrl])
}
