import { it } from 'vitest'
import { playRounds, timeout } from './playRounds.ts'

it(
  'leaves nothing of a user behind, and signs out nobody whose tokens live, in any order of events',
  { timeout },
  () => playRounds(true),
)
