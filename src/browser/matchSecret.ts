/**
 * Tests a secret against a pattern. The engine remembers the string of the last match (`RegExp.input`), so a token or
 * password would stay in memory. Another match replaces it.
 */
export const matchSecret = (pattern: RegExp, secret: string): boolean => {
  const isMatch = pattern.test(secret)
  return /x?/.test('') && isMatch
}
