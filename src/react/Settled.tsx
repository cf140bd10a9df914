'use client'
import { type ReactNode, useLayoutEffect, useState } from 'react'
import type { StateMark } from '../session/StateMark.ts'

interface SettledProps {
  id: StateMark['key']
  children?: ReactNode
}

/**
 * Its children. When a session ends, also one that has not been restored yet, first nothing, and what follows in the next
 * commit, before anything is painted: so nothing that a component copied stays; and what follows may suspend (a lazy login
 * page), and React would keep the old page on screen for it.
 */
export const Settled = ({ id, children }: SettledProps): ReactNode => {
  const [settled, settle] = useState(id)
  if (settled === id) return children
  const isOver = typeof settled === 'number' && settled !== 0 && id !== -settled
  if (isOver) return <Settle act={() => settle(id)} />
  settle(id)
  return null
}

const Settle = ({ act }: { act: () => void }): null => {
  useLayoutEffect(act)
  return null
}
