const query = new URLSearchParams(location.search)

const readNumber = (name: string): number => Number(query.get(name) ?? 0)

/** What the address says of the page. */
export interface Settings {
  /** Components that ask who is signed in. */
  subscribers: number
  /** More of them, mounted only when the benchmark says so. */
  mounted: number
  /** Private queries in the cache. */
  cached: number
  /** Those of them that a component shows. */
  observed: number
  /** Whether the components that show them stand inside the contender's own guard. */
  isGuarded: boolean
  /** Whether a throttled persister, a query and mutations are under way at the logout. */
  isBusy: boolean
  /** Whether all there is to do is to evaluate the script and to render its provider. */
  isStart: boolean
  /** A contender's own variant. */
  variant: string
}

export const settings: Settings = {
  subscribers: readNumber('subscribers'),
  cached: readNumber('cached'),
  observed: readNumber('observed'),
  mounted: readNumber('mounted'),
  isGuarded: query.has('isGuarded'),
  isBusy: query.has('isBusy'),
  isStart: query.has('isStart'),
  variant: query.get('variant') ?? '',
}
