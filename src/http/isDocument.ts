import { matchSecret } from '../browser/matchSecret.ts'

/** The `index.html` of a single-page app, or a proxy's page, is no answer, whatever its content type. */
export const isDocument = (text: string): boolean =>
  matchSecret(/^\s*<(?:!doctype|!--|html|head|body|meta|title|script)/i, text)
