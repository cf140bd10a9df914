/** The texts in a form, by the names of its fields. */
export function readFields(form: HTMLFormElement): Partial<Record<string, string>> {
  const fields: Partial<Record<string, string>> = {}
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string') fields[name] = value
  }
  return fields
}
