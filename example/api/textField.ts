import { z } from 'zod'

/** A person's own words, without the spaces around them. `label` begins the message about them. */
export function textField(label: string, maximumLength: number): z.ZodString {
  return z
    .string({ error: ({ input }) => `${label} ${input === undefined ? 'is missing' : 'must be a text'}.` })
    .trim()
    .max(maximumLength, `${label} is too long: ${maximumLength} characters at most.`)
    .refine((text) => !text.includes('\0'), `${label} holds a character that cannot be kept.`)
}
