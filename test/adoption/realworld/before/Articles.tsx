import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { queryClient, request } from './api.ts'

interface Article {
  slug: string
  title: string
  favorited: boolean
  favoritesCount: number
}

export const Articles = () => {
  const { data } = useSuspenseQuery({
    queryKey: ['articles'],
    queryFn: () => request<{ articles: Article[] }>('articles'),
    staleTime: 60_000,
  })
  const like = useMutation({
    mutationFn: ({ slug, favorited }: Article) =>
      request(`articles/${slug}/favorite`, favorited ? 'DELETE' : 'POST'),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['articles'] }),
  })

  return (
    <ul aria-label="Articles">
      {data.articles.map((article) => (
        <li key={article.slug}>
          {article.title}
          <button aria-pressed={article.favorited} onClick={() => like.mutate(article)}>
            {article.favorited ? 'liked' : 'like'} {article.favoritesCount}
          </button>
        </li>
      ))}
    </ul>
  )
}
