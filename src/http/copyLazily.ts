const bodyMembers = new Set<PropertyKey>([
  'arrayBuffer',
  'blob',
  'body',
  'bodyUsed',
  'bytes',
  'clone',
  'formData',
  'json',
  'text',
])

/**
 * A copy of a response that is made when its body is first asked for. A copy whose body nobody reads would keep all that is
 * read of the response; and if it is cancelled, Node lets nobody catch the error of a request that is aborted later.
 */
export const copyLazily = (response: Response): Response => {
  let copy: Response | undefined
  return new Proxy(response, {
    get: (target, name) => {
      if (bodyMembers.has(name)) copy ??= target.clone()
      const source = copy ?? target
      const member: unknown = Reflect.get(source, name, source)
      return typeof member === 'function' ? (member.bind(source) as unknown) : member
    },
  })
}
