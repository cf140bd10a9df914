import type { ReactNode } from 'react'

interface FigureProps {
  name: string
  /** `null` while it is not known. */
  value: number | null
  detail?: string
  /** Not the user's own: it does not have to go. */
  isPublic?: boolean
  /** What follows on lines of its own, for which there is room even while it is nothing. */
  children?: ReactNode
}

export function Figure({ name, value, detail, isPublic = false, children }: FigureProps) {
  const kind = isPublic ? 'public' : value === 0 ? 'gone' : 'there'

  return (
    <div className={`figure figure-${kind}`}>
      <dt>{name}</dt>
      <dd className="figure-value">{value ?? '–'}</dd>
      {detail && (
        <dd className="figure-detail" title={detail}>
          {detail}
        </dd>
      )}
      {children !== undefined && <dd className="figure-list">{children}</dd>}
    </div>
  )
}
