import { render } from '@testing-library/react'
import { version } from 'react'
import { version as domVersion } from 'react-dom'
import { version as serverVersion } from 'react-dom/server'
import { expect, it } from 'vitest'

it('is the one that the run asks for, of React, React DOM and its server', () => {
  const { MODE } = import.meta.env as { MODE: string }
  const { container } = render(<p>{version}</p>)
  expect(container.textContent).toMatch(MODE === 'react18' ? '18.3.1' : /^19\./)
  expect([domVersion, serverVersion]).toEqual([version, version])
})
