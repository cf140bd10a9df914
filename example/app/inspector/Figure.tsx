import type { ReactNode } from 'react'

interface FigureProps {
  name: string
  /** `null` while it is not known. */
  value: number | null
  detail?: string
  /** Not the user's own: it does not have to go. */
  isPublic?: boolean
  /** What follows on lines of its own. */
  children?: ReactNode
  /** For how many lines there is room even while there are none. Default: 2. */
  lines?: 1 | 2
}

export function Figure({ name, value, detail, isPublic = false, children, lines = 2 }: FigureProps) {
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
      {children !== undefined && <dd className={`figure-list figure-list-${lines}`}>{children}</dd>}
    </div>
  )
}
