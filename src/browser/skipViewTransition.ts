/** A transition that is running shows a picture of the page from before. Where the browser names it, it ends at once. */
export const skipViewTransition = (): void => {
  if (typeof document !== 'undefined') document.activeViewTransition?.skipTransition()
}
