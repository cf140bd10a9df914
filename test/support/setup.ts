import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach, expect, vi } from 'vitest'

/** Milliseconds. What is waited for is bound to happen: the limit only says that it hangs, on whatever machine. */
const patience = Number(process.env['PATIENCE'] ?? 120_000)

configure({ asyncUtilTimeout: patience })

const { waitFor } = vi
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: patience, ...options })

const methods = ['error', 'warn', 'info', 'log', 'debug'] as const

// Whatever a test does not expect on the console is a fault.
beforeEach(() => {
  for (const method of methods) vi.spyOn(console, method)
})

afterEach(() => {
  cleanup()
  const unexpected = methods.flatMap((method) => {
    const calls = [...vi.mocked(console[method]).mock.calls]
    vi.mocked(console[method]).mockRestore()
    return calls.map((call) => [method, ...call])
  })
  if (typeof window !== 'undefined') {
    window.localStorage.clear()
    window.sessionStorage.clear()
  }
  expect(unexpected).toEqual([])
})
