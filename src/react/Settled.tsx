'use client'
import { Fragment, type ReactNode, useLayoutEffect, useState } from 'react'
import type { StateMark } from '../session/StateMark.ts'

interface SettledProps {
  id: StateMark['key']
  children?: ReactNode
}

/**
 * Its children, keyed by session. When a session ends, first nothing, and what follows in the next commit, before
 * anything is painted: what follows may suspend (a lazy login page), and React would keep the old page on screen for it.
 */
export const Settled = ({ id, children }: SettledProps): ReactNode => {
  const [settled, settle] = useState(id)
  if (settled === id) return <Fragment key={id}>{children}</Fragment>
  if (typeof settled === 'number') return <Settle act={() => settle(id)} />
  settle(id)
  return null
}

const Settle = ({ act }: { act: () => void }): null => {
  useLayoutEffect(act)
  return null
}
