/**
 * Tests a secret. The engine remembers the string of the last match (`RegExp.input`), so that a token or password would
 * stay in memory: here another match takes its place.
 */
export const matchSecret = (pattern: RegExp, secret: string): boolean => {
  const isMatch = pattern.test(secret)
  return /x?/.test('') && isMatch
}
