import { it } from 'vitest'
import { playRounds, timeout } from './playRounds.ts'

it('leaves nothing of a user behind in any order of events', { timeout }, () => playRounds(false))
