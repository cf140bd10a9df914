/** What a storage holds, but for what says whose the token is. */
export const readStorage = (storage: Storage): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ ...storage }).filter(([key]) => !key.endsWith('.of')))
