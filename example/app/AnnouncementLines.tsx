/** Three lines where announcements will be. */
export function AnnouncementLines() {
  return (
    <>
      <p className="visually-hidden">Loading the announcements…</p>
      <div className="skeleton" aria-hidden="true">
        <span className="skeleton-line skeleton-line-short" />
        <span className="skeleton-line" />
        <span className="skeleton-line" />
      </div>
    </>
  )
}
