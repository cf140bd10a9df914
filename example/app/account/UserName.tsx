import { useUser } from 'signoff'

export function UserName() {
  const user = useUser()
  return <p className="user-name">{[user?.firstName, user?.lastName].filter(Boolean).join(' ')}</p>
}
