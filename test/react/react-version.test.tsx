import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { render } from '@testing-library/react'
import { version } from 'react'
import { version as domVersion } from 'react-dom'
import { version as serverVersion } from 'react-dom/server'
import { expect, it } from 'vitest'

it('is the one that the run asks for, of React, React DOM and its server', () => {
  const { MODE } = import.meta.env as { MODE: string }
  const name = { react18: 'react-18', newest: '../test/compatibility/newest/node_modules/react' }[MODE]
  const manifest = join(import.meta.dirname, '../../node_modules', name ?? 'react', 'package.json')
  const asked = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const { container } = render(<p>{version}</p>)
  expect(container.textContent).toBe(asked.version)
  expect([domVersion, serverVersion]).toEqual([version, version])
})
