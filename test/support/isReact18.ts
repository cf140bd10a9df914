import { version } from 'react'

/** What React 18 does otherwise is said where a test asks. */
export const isReact18 = version.startsWith('18.')
