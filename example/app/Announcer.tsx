import { useAuth } from 'signoff'

const farewells = {
  logout: 'You are signed out.',
  rejected: 'Your session has ended. You are signed out.',
  elsewhere: 'You are signed out, in another tab.',
}

/** Tells assistive technology about what sighted users see: that the page has changed hands. */
export function Announcer() {
  const text = useAuth((state) => {
    if (state.status === 'signed-in') return `You are signed in as ${state.user.firstName}.`
    return state.status === 'signed-out' && state.reason ? farewells[state.reason] : ''
  })

  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  )
}
