/** Empties the fields one by one: over a `form.reset()`, React keeps what was typed into the last one. */
export function emptyFields(form: HTMLFormElement): void {
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement) element.value = ''
  }
}
