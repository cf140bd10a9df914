import { NoteLines } from './NoteLines.tsx'

/** The notes' page while it is not known yet whose it is: as large as it will be, and empty. */
export function NotesSkeleton() {
  return (
    <div className="notes" role="status" aria-label="Loading">
      <div className="skeleton-heading" aria-hidden="true">
        <span className="skeleton-line skeleton-line-short" />
      </div>
      <div className="skeleton-form" aria-hidden="true" />
      <NoteLines />
    </div>
  )
}
