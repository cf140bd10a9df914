import { matchSecret } from '../browser/matchSecret.ts'

const isText = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number'

/** All strings and numbers in a value, as text. */
const readTexts = (value: unknown): string[] =>
  isText(value) ? [String(value)] : Object.values(Object(value)).flatMap(readTexts)

/** All keys in a value. */
const readKeys = (value: unknown): string[] =>
  isText(value) ? [] : Object.keys(Object(value)).concat(Object.values(Object(value)).flatMap(readKeys))

/** An e-mail address stands in public: an API may quote it. */
const isPublic = (text: string): boolean => matchSecret(/^[^\s@]+@[^\s@]+$/, text)

/** A plain word ("wrong"), or very little, may occur in any message. It is an echo only if it is a whole value. */
const isCommon = (text: string): boolean => matchSecret(/^(?:[a-z]{0,11}|.{1,3})$/i, text)

/**
 * Drops a body that repeats what was sent, as some APIs do in validation errors. Whatever the caller sent as a value of
 * credentials is a secret, under any key.
 *
 * @param body - Parsed JSON.
 */
export const withoutSecrets = (body: unknown, credentials: unknown, tokens?: object): unknown => {
  const texts = readTexts(body).concat(readKeys(body))
  const isQuoted = (secret: string): boolean => {
    if (isCommon(secret)) return texts.includes(secret)
    // A message may quote JSON or a form.
    const form = String(new URLSearchParams({ '': secret })).slice(1)
    const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), form]
    return texts.some((text) => forms.some((form) => text.includes(form)))
  }
  const secrets = readTexts(credentials).filter((text) => text && !isPublic(text))
  return secrets.concat(readTexts(tokens)).some(isQuoted) ? undefined : body
}
