import { Draft } from './Draft.tsx'

export default function Page() {
  return <Draft />
}
