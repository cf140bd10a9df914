'use client'

import { useState } from 'react'
import { SignedIn } from 'signoff'

const DraftForm = () => {
  const [text, setText] = useState('')
  return <input aria-label="Draft" value={text} onChange={(event) => setText(event.target.value)} />
}

export const Draft = () => (
  <SignedIn fallback={<p>Loading …</p>}>
    <DraftForm />
  </SignedIn>
)
