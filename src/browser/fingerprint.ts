/**
 * Tells tokens apart, so that a copy can say whose it is: 32 bits (FNV-1a), from which no token can be had. Does not prove
 * anything: whoever can write the copy can write this too.
 */
export const fingerprint = (token: string): string => {
  let hash = 0x811c9dc5
  for (let index = 0; index < token.length; index += 1)
    hash = Math.imul(hash ^ token.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(36)
}
