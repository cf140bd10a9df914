import { useQuery } from '@tanstack/react-query'
import ky from 'ky'
import { useRef } from 'react'
import { AnnouncementLines } from './AnnouncementLines.tsx'
import { Failure } from './Failure.tsx'
import { Heading } from './Heading.tsx'

interface Announcement {
  id: string
  title: string
  text: string
  publishedAt: string
}

const dateFormat = new Intl.DateTimeFormat('en', { dateStyle: 'long' })

/** Public: fetched without a session, kept when one begins or ends. */
export function Announcements() {
  const heading = useRef<HTMLHeadingElement>(null)
  const announcements = useQuery({
    queryKey: ['announcements'],
    queryFn: ({ signal }) => ky.get('/api/announcements', { signal }).json<Announcement[]>(),
    meta: { public: true },
  })

  return (
    <section className="announcements" aria-labelledby="announcements-heading">
      <Heading id="announcements-heading" ref={heading}>
        Announcements
      </Heading>
      <div role="status">
        {announcements.isPending &&
          (announcements.isPaused ? <p className="quiet">You are offline.</p> : <AnnouncementLines />)}
        {announcements.data?.length === 0 && <p className="quiet">There are none today.</p>}
      </div>
      {announcements.isError && (
        <Failure
          title="The announcements did not arrive."
          error={announcements.error}
          heading={heading}
          onRetry={() => void announcements.refetch()}
        />
      )}
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
