/** Three lines where notes will be. */
export function NoteLines() {
  return (
    <>
      <p className="visually-hidden">Loading your notes…</p>
      <div className="note-list" aria-hidden="true">
        {['long', 'short', 'middle'].map((length) => (
          <div key={length} className="note">
            <span className={`skeleton-line skeleton-line-${length}`} />
          </div>
        ))}
      </div>
    </>
  )
}
