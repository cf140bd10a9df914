import { useQuery } from '@tanstack/react-query'
import { type JSX, memo } from 'react'
import type { Contender } from './Contender.ts'
import { signedOutText } from './look.ts'
import { countRender } from './renders.ts'
import { settings } from './settings.ts'
import { useIsShown } from './showMore.ts'

const publicCount = 20

const range = (length: number): number[] => Array.from({ length }, (_, index) => index)

export const noteKey = (index: number): readonly unknown[] => ['private', index]

/** The page of all contenders: it differs in nothing but what the contender gives it. */
export const createPage = ({ Providers, Guard, useName, useLogout, get }: Contender): (() => JSX.Element) => {
  const Subscriber = (): JSX.Element => {
    countRender('subscriber')
    return <li>{useName() ?? signedOutText}</li>
  }

  const Note = ({ index }: { index: number }): JSX.Element => {
    countRender('private')
    const note = useQuery({
      queryKey: noteKey(index),
      queryFn: ({ signal }) => get(`notes/${index}`, signal),
      staleTime: Infinity,
    })
    return <li>{note.data ?? '…'}</li>
  }

  const News = ({ index }: { index: number }): JSX.Element => {
    countRender('public')
    const news = useQuery({
      queryKey: ['public', index],
      queryFn: () => `news ${index}`,
      staleTime: Infinity,
      meta: { public: true },
    })
    return <li>{news.data ?? '…'}</li>
  }

  const Unrelated = (): JSX.Element => {
    countRender('unrelated')
    return <li>unrelated</li>
  }

  const Logout = (): JSX.Element => {
    const logOut = useLogout()
    return (
      <button type="button" onClick={() => logOut()}>
        Log out
      </button>
    )
  }

  const Notes = memo(() => (
    <ul>
      {range(settings.observed).map((index) => (
        <Note key={index} index={index} />
      ))}
    </ul>
  ))

  const Others = memo(() => (
    <ul>
      {range(settings.subscribers).map((index) => (
        <Subscriber key={index} />
      ))}
      {range(publicCount).map((index) => (
        <News key={index} index={index} />
      ))}
      {range(publicCount).map((index) => (
        <Unrelated key={index} />
      ))}
    </ul>
  ))

  const More = (): JSX.Element => (
    <ul>{useIsShown() && range(settings.mounted).map((index) => <Subscriber key={index} />)}</ul>
  )

  return () => (
    <Providers>
      {settings.isGuarded ? (
        <Guard>
          <Logout />
          <Notes />
        </Guard>
      ) : (
        <>
          <Logout />
          <Notes />
        </>
      )}
      <Others />
      {settings.mounted > 0 && <More />}
    </Providers>
  )
}
