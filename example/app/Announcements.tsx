import { useQuery } from '@tanstack/react-query'
import ky from 'ky'
import { Failure } from './Failure.tsx'

interface Announcement {
  id: string
  title: string
  text: string
  publishedAt: string
}

const dateFormat = new Intl.DateTimeFormat('en', { dateStyle: 'long' })

/** Public: fetched without a session, kept when one begins or ends. */
export function Announcements() {
  const announcements = useQuery({
    queryKey: ['announcements'],
    queryFn: ({ signal }) => ky.get('/api/announcements', { signal }).json<Announcement[]>(),
    meta: { public: true },
  })

  return (
    <section className="announcements" aria-labelledby="announcements-heading">
      <h2 id="announcements-heading">Announcements</h2>
      {announcements.isPending && (
        <div className="skeleton" aria-hidden="true">
          <span className="skeleton-line skeleton-line-short" />
          <span className="skeleton-line" />
          <span className="skeleton-line" />
        </div>
      )}
      {announcements.isError && (
        <Failure
          title="The announcements did not arrive."
          error={announcements.error}
          isRetrying={announcements.isFetching}
          onRetry={() => void announcements.refetch()}
        />
      )}
      {announcements.data?.length === 0 && <p className="quiet">There are none today.</p>}
      {announcements.data?.map(({ id, title, text, publishedAt }) => (
        <article key={id}>
          <h3>{title}</h3>
          <p>{text}</p>
          <time className="quiet" dateTime={publishedAt}>
            {dateFormat.format(new Date(publishedAt))}
          </time>
        </article>
      ))}
    </section>
  )
}
