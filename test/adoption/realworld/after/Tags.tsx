import { useSuspenseQuery } from '@tanstack/react-query'
import { request } from './api.ts'

export const Tags = () => {
  const { data } = useSuspenseQuery({
    queryKey: ['tags'],
    queryFn: () => request<{ tags: string[] }>('tags'),
    staleTime: Infinity,
    meta: { public: true },
  })
  return <p>{data.tags.join(' ')}</p>
}
