import type { QueryClient } from '@tanstack/react-query'
import { privateText, userName } from './look.ts'

/** What is left of the user: text in the document, entries of TanStack Query's caches and of the web storages. */
export interface Left {
  nodes: number
  cached: number
  stored: number
}

const tells = (value: unknown): boolean => {
  const text = JSON.stringify(value) ?? ''
  return [privateText, userName, 'token-', '@example.com'].some((part) => text.includes(part))
}

const countNodes = (): number => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  let count = 0
  while (walker.nextNode()) if (tells(walker.currentNode.textContent)) count += 1
  return count
}

export const readLeft = (queryClient: QueryClient): Left => ({
  nodes: countNodes(),
  cached: [...queryClient.getQueryCache().getAll(), ...queryClient.getMutationCache().getAll()].filter(
    ({ state }) => tells(state),
  ).length,
  stored: [localStorage, sessionStorage].flatMap((storage) => Object.values({ ...storage })).filter(tells)
    .length,
})
