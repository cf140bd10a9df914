import { AuthProvider, SignedIn, SignedOut, useAuth } from 'signoff'
import { expect, it } from 'vitest'
import { Field } from '../../../example/app/account/Field.tsx'

it.each([AuthProvider, SignedIn, SignedOut, useAuth, Field])(
  '%o is what React Compiler has made of it',
  (compiled) => {
    // The array in which it remembers what it has made.
    expect(String(compiled)).toMatch(/\$\[0\]/)
  },
)
