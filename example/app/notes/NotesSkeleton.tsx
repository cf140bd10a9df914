import type { ReactNode } from 'react'

interface NotesSkeletonProps {
  /** What stands where the notes will be. */
  children: ReactNode
}

/** The notes' page while it is not known yet whose it is: as large as it will be, and empty. */
export function NotesSkeleton({ children }: NotesSkeletonProps) {
  return (
    <div className="notes">
      <div className="skeleton-heading" aria-hidden="true">
        <span className="skeleton-line skeleton-line-short" />
      </div>
      <div className="skeleton-form" aria-hidden="true" />
      <div role="status">{children}</div>
    </div>
  )
}
