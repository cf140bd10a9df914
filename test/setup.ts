import { cleanup } from '@testing-library/react'
import { afterEach, beforeEach, expect, vi } from 'vitest'

const methods = ['error', 'warn', 'info', 'log', 'debug'] as const

// Whatever a test does not expect on the console is a fault.
beforeEach(() => {
  for (const method of methods) vi.spyOn(console, method)
})

afterEach(() => {
  cleanup()
  for (const method of methods) {
    const { calls } = vi.mocked(console[method]).mock
    expect(calls, `unexpected console.${method}`).toEqual([])
    vi.mocked(console[method]).mockRestore()
  }
  if (typeof window !== 'undefined') {
    window.localStorage.clear()
    window.sessionStorage.clear()
  }
})
