import type { Edit } from './loadKit.ts'

/** What TanStack Query may look like one day: it works as before, but lacks something that signoff touches. */
export interface Change {
  /** What it lacks, or does otherwise. */
  name: string
  edits: Edit[]
  /** Whether a sign-out does without the fallback. */
  isHarmless?: true
  /** Whether Ada would be found in this scene by a signoff that did not check. */
  leaks?: true
  /** What falls short all the same. */
  shortfalls?: string[]
  /** Whose callbacks are called for what an ended session has left running; what they write is taken back. */
  called?: string
}

const core = (name: string, replace: RegExp, by: string): Edit => ({
  file: `query-core/build/modern/${name}`,
  replace,
  by,
})
const hook = (name: string, replace: RegExp, by: string): Edit => ({
  file: `react-query/build/modern/${name}`,
  replace,
  by,
})

const hashed = [
  'query',
  'queryCache',
  'queryClient',
  'queryObserver',
  'queriesObserver',
  'hydration',
  'utils',
]

/** What nobody mounts anew hears of it a task later. */
const aboveAtOnce = ['above the provider at once', 'above the provider at once under Bob']

const { MODE: mode } = import.meta.env as { MODE: string }

/** The changes are edits of the TanStack Query that is installed. Another version is only tested as it is. */
export const isOtherVersion = ['oldest', 'newest', 'query'].includes(mode)

export const changes: Change[] = [
  {
    name: 'a query keeps its observers to itself',
    edits: [
      core('query', /this\.observers/g, 'this.#observers'),
      core('query', /\s#queryType;/g, '$&\n#observers;'),
    ],
  },
  {
    name: 'a query takes its options by another method',
    isHarmless: true,
    edits: [
      core('query', /\bsetOptions\(/g, 'useOptions('),
      core('queryObserver', /#currentQuery\.setOptions\(/g, '#currentQuery.useOptions('),
    ],
  },
  {
    name: 'a mutation takes its options by another method',
    isHarmless: true,
    edits: [
      core('mutation', /\bsetOptions\(/g, 'useOptions('),
      core('mutationObserver', /#currentMutation\.setOptions\(/g, '#currentMutation.useOptions('),
    ],
  },
  {
    name: 'a query observer takes its options by another method',
    edits: [
      core('queryObserver', /(\s|this\.)setOptions\(/g, '$1useOptions('),
      core('infiniteQueryObserver', /\bsetOptions\(/g, 'useOptions('),
      core('queriesObserver', /observer\.setOptions\(/g, 'observer.useOptions('),
      hook('useBaseQuery', /observer\.setOptions\(/g, 'observer.useOptions('),
    ],
  },
  {
    name: 'the state of a query is set by another method',
    leaks: true,
    edits: [
      core('query', /\bsetState\(/g, 'putState('),
      core('hydration', /\.setState\(/g, '.putState('),
      core('streamedQuery', /\.setState\(/g, '.putState('),
    ],
  },
  {
    name: 'the data of a query are set by another method',
    leaks: true,
    edits: [core('query', /\bsetData\(/g, 'putData('), core('queryClient', /\.setData\(/g, '.putData(')],
  },
  {
    name: 'a query does not tell the state that it was made with',
    isHarmless: true,
    edits: [core('query', /resetState/g, 'firstState'), core('streamedQuery', /resetState/g, 'firstState')],
  },
  {
    name: 'the state of a query can only be read',
    edits: [
      core('query', /this\.state\b/g, 'this.#state'),
      core('query', /\s#queryType;/g, '$&\n#state;\nget state() { return this.#state }'),
    ],
  },
  {
    name: 'what is out of the cache is stopped by another method',
    edits: [
      core('removable', /\bdestroy\(/g, 'release('),
      core('query', /\bdestroy\(/g, 'release('),
      core('queryCache', /query\.destroy\(/g, 'query.release('),
    ],
  },
  {
    name: 'a query lets go of an observer by another method',
    edits: [
      core('query', /\bremoveObserver\(/g, 'dropObserver('),
      core('queryObserver', /\.removeObserver\(/g, '.dropObserver('),
    ],
  },
  {
    name: 'a query cache lets nobody add a query',
    edits: [core('queryCache', /this\.add\(/g, 'this.#add('), core('queryCache', /\tadd\(/g, '\t#add(')],
  },
  {
    name: 'a query cache makes a copy of what is added',
    edits: [
      core('queryCache', /this\.add\(query\)/g, 'this.#put(query)'),
      core(
        'queryCache',
        /\tadd\(query\) \{/g,
        `\tadd({ queryKey, queryHash, options }) {
          this.#put(new Query({ client: { getQueryCache: () => this }, queryKey, queryHash, options }))
        }
        #put(query) {`,
      ),
    ],
  },
  {
    name: 'a query cache is removed from by another method',
    edits: [
      core('queryCache', /\bremove\(query\)/g, 'dropQuery(query)'),
      core('query', /#cache\.remove\(/g, '#cache.dropQuery('),
      core('queryClient', /queryCache\.remove\(/g, 'queryCache.dropQuery('),
    ],
  },
  {
    name: 'a query cache is asked by another method',
    edits: [
      core('queryCache', /(this\.|\t)get\(queryHash\)/g, '$1read(queryHash)'),
      core('queryClient', /#queryCache\.get\(/g, '#queryCache.read('),
      core('hydration', /queryCache\.get\(/g, 'queryCache.read('),
      hook('useBaseQuery', /getQueryCache\(\)\.get\(/g, 'getQueryCache().read('),
      hook('useQueries', /getQueryCache\(\)\.get\(/g, 'getQueryCache().read('),
    ],
  },
  {
    name: 'the caches tell their events by another method',
    edits: [
      core('queryCache', /\bnotify\(/g, 'tell('),
      core('mutationCache', /\bnotify\(/g, 'tell('),
      core('query', /#cache\.notify\(/g, '#cache.tell('),
      core('mutation', /#mutationCache\.notify\(/g, '#mutationCache.tell('),
      core('queryObserver', /\.notify\(/g, '.tell('),
      core('mutationObserver', /getMutationCache\(\)\.notify\(/g, 'getMutationCache().tell('),
    ],
  },
  {
    name: 'the hash of a query has another name',
    edits: hashed
      .map((name) => core(name, /queryHash\b/g, 'queryId'))
      .concat([
        hook('useBaseQuery', /queryHash\b/g, 'queryId'),
        hook('useQueries', /queryHash\b/g, 'queryId'),
      ]),
  },
  {
    name: 'a query observer keeps its options to itself',
    leaks: true,
    edits: [
      core('queryObserver', /this\.options/g, 'this.settings'),
      core('queriesObserver', /observer\.options/g, 'observer.settings'),
      core('query', /(observer|x)\.options/g, '$1.settings'),
    ],
  },
  {
    name: 'a query observer looks at its query by another method',
    leaks: true,
    edits: [
      core('queryObserver', /\bupdateResult\(/g, 'look('),
      hook('useBaseQuery', /\.updateResult\(/g, '.look('),
    ],
  },
  {
    name: 'a query observer remembers placeholders elsewhere',
    leaks: true,
    edits: [
      core(
        'queryObserver',
        /if \(this\.#currentResultState\.data !== void 0\) this\.#lastQueryWithDefinedData = this\.#currentQuery;/g,
        `if (this.#currentResultState.data !== void 0 && this.#currentResultState.data !== null) this.#lastQueryWithDefinedData = { state: this.#currentResultState };`,
      ),
    ],
  },
  {
    name: 'a query starts its request by another method',
    edits: [
      core('query', /async fetch\(/g, 'async load('),
      core('queryClient', /query\.fetch\(/g, 'query.load('),
      core('queryObserver', /(query|#currentQuery)\.fetch\(/g, '$1.load('),
      core('hydration', /query\.fetch\(/g, 'query.load('),
    ],
  },
  {
    name: 'a query is made of something else',
    edits: [
      core('query', /config\.client/g, 'config.owner'),
      core('queryCache', /new Query\(\{\s*client,/g, 'new Query({ owner: client,'),
    ],
  },
  {
    name: 'a silent cancellation is one like any other',
    isHarmless: true,
    edits: [core('query', /if \(error\.silent\) \{/g, 'if (false) {')],
  },
  {
    name: 'a mutation keeps its options to itself',
    shortfalls: [
      'screen at once',
      'above the provider at once',
      'the logout is not told',
      'the login is not told',
    ],
    edits: [
      core('mutation', /this\.options/g, 'this.settings'),
      core('mutationCache', /mutation\.options/g, 'mutation.settings'),
      core('utils', /mutation\.options/g, 'mutation.settings'),
      core('hydration', /mutation\.options/g, 'mutation.settings'),
    ],
  },
  {
    name: 'a mutation takes its callbacks when it is made',
    called: 'of a mutation',
    edits: [
      core('mutation', /this\.setOptions\(config\.options\);/g, '$&\nthis.#callbacks = this.options;'),
      core('mutation', /\s#observers;/g, '$&\n#callbacks;'),
      core('mutation', /this\.options\.on(\w+)\?\./g, 'this.#callbacks.on$1?.'),
    ],
  },
  {
    name: 'a mutation is run with the function that it was called with',
    edits: [
      core('mutation', /const onContinue = /g, 'const { mutationFn } = this.options;\n$&'),
      core('mutation', /this\.options\.mutationFn\(/g, 'mutationFn('),
    ],
  },
  {
    name: 'the state of a mutation can only be read',
    edits: [
      core('mutation', /this\.state\b/g, 'this.#state'),
      core('mutation', /\s#observers;/g, '$&\n#state;\nget state() { return this.#state }'),
    ],
  },
  {
    name: 'a mutation observer is told by another method',
    edits: [
      core('mutation', /\.onMutationUpdate\(/g, '.onUpdate('),
      core('mutationObserver', /\bonMutationUpdate\(/g, 'onUpdate('),
    ],
  },
  {
    name: 'the time until something is collected cannot be set',
    edits: [
      core('removable', /this\.gcTime/g, 'this.#time'),
      core('removable', /\s#gcTimeout;/g, '$&\n#time;\nget gcTime() { return this.#time }'),
    ],
  },
  {
    name: 'a mutation cache is removed from by another method',
    edits: [
      core('mutationCache', /\tremove\(/g, '\tdropMutation('),
      core('mutation', /#mutationCache\.remove\(/g, '#mutationCache.dropMutation('),
    ],
  },
  {
    name: 'the callbacks of a mutation cache cannot be replaced',
    called: 'of the cache',
    edits: [
      core(
        'mutationCache',
        /this\.config = config;/g,
        `Object.defineProperty(this, 'config', { value: config });`,
      ),
    ],
  },
  {
    name: 'observers come and go with events of other names',
    leaks: true,
    edits: [
      core('mutation', /"observer(Added|Removed)"/g, '"watcher$1"'),
      core('query', /"observer(Added|Removed)"/g, '"watcher$1"'),
    ],
  },
  {
    name: 'nobody sets when notifications are delivered',
    shortfalls: aboveAtOnce,
    edits: [core('notifyManager', /setScheduler: /g, 'setSchedule: ')],
  },
  {
    name: 'notifications are held together by another method',
    shortfalls: aboveAtOnce,
    edits: [
      ...[
        'mutation',
        'mutationCache',
        'mutationObserver',
        'queriesObserver',
        'query',
        'queryCache',
        'queryClient',
        'queryObserver',
      ].map((name) => core(name, /notifyManager\.batch\(/g, 'notifyManager.together(')),
      core('notifyManager', /\bbatch: /g, 'together: '),
    ],
  },
  {
    name: 'nobody else schedules a notification',
    shortfalls: aboveAtOnce,
    edits: [core('notifyManager', /\n\t*schedule,/g, '')],
  },
]
