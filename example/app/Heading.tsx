import { type RefObject, useEffect, useRef } from 'react'

interface HeadingProps {
  id: string
  ref?: RefObject<HTMLHeadingElement | null>
  children: string
}

let hasVisitorActed = false
for (const type of ['pointerdown', 'keydown']) {
  document.addEventListener(type, () => void (hasVisitorActed = true), { capture: true, once: true })
}

/** Heading of what took another page's place. Catches the focus that was lost with the button pressed there. */
export function Heading({ id, ref, children }: HeadingProps) {
  const own = useRef<HTMLHeadingElement>(null)
  const heading = ref ?? own

  useEffect(() => {
    const isFocusLost = document.activeElement === null || document.activeElement === document.body
    // On a page that was just opened the focus is not lost: it begins there.
    if (isFocusLost && hasVisitorActed) heading.current?.focus()
  }, [heading])

  return (
    <h2 id={id} ref={heading} tabIndex={-1}>
      {children}
    </h2>
  )
}
