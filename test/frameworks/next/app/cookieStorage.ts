import type { TokenStorage } from 'signoff'

const entry = (name: string) => {
  const write = (value: string, age: string) => {
    const secure = location.protocol === 'https:' ? '; secure' : ''
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; samesite=strict${age}${secure}`
  }
  return {
    get: () => {
      const [, value] = new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie) ?? []
      return value ? decodeURIComponent(value) : null
    },
    set: (value: string) => write(value, ''),
    remove: () => write('', '; max-age=0'),
  }
}

/** Says whose the token is. It is no secret, so the server may send it back beside what it has loaded with the token. */
export const owner = entry('token-of')

export const cookieStorage: TokenStorage = { ...entry('token'), owner }
