// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { showStates } from '../../docs/.vitepress/showStates.ts'
import { sidebar } from '../../docs/.vitepress/sidebar.ts'
import { compileFences, fencesOf } from '../support/compileFences.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const read = (path: string) => readFileSync(root(path), 'utf8')
const generated = /^(?:node_modules|reference|dist|\.vitepress)\//

const pages = readdirSync(root('docs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md') && !generated.test(path))
  .map((path) => ({ path: `docs/${path}`, text: read(`docs/${path}`) }))

const withoutCode = (text: string) => text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')

/** As VitePress makes them of headings. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .trim()
    .replaceAll(' ', '-')

const anchorsOf = (path: string) =>
  Array.from(
    read(path)
      .replaceAll(/^```[^]*?^```$/gm, '')
      .matchAll(/^#+ (.+)$/gm),
    ([, heading = '']) => anchorOf(heading),
  )

const findPage = (path: string) =>
  [path, `${path}.md`, join(path, 'index.md')].find((candidate) =>
    pages.some((page) => page.path === candidate),
  )

interface Item {
  link?: string
  items?: Item[]
}
const linksOf = (items: Item[]): string[] =>
  items.flatMap(({ link, items: below = [] }) => [...(link ? [link] : []), ...linksOf(below)])

/** The names that an interface declares. */
const membersOf = (path: string, name = ''): string[] => {
  const [, body = ''] =
    new RegExp(`export interface ${name}\\b[^{]*\\{\\n([^]*?)\\n\\}`).exec(read(path)) ?? []
  return Array.from(body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm), ([, found = '']) => found)
}

describe('the documentation', () => {
  it('has fences that compile', async () => {
    const fences = pages.flatMap(({ path, text }) => fencesOf(path, text))
    expect(fences.length).toBeGreaterThan(10)
    expect(await compileFences('docs', fences)).toBe('')
  })

  it('has no code that is not compiled but what its page explains', () => {
    const others = pages.flatMap(({ text }) =>
      Array.from(text.matchAll(/^```(.+)$/gm), ([, language = '']) => language),
    )
    const allowed = /^(?:tsx?|sh|json|css|html|http|text|diff|php|py|rb|yaml|tsx? no-compile)$/
    expect(others.filter((language) => !allowed.test(language))).toEqual([])
  })

  it('has no link that leads nowhere', () => {
    const broken = pages.flatMap(({ path, text }) =>
      Array.from(
        withoutCode(text).matchAll(/\]\(([^)\s]+)\)|^ +link: (\/\S+)$/gm),
        ([, inText, inFrontMatter]) => inText ?? inFrontMatter ?? '',
      )
        .filter((link) => !/^(?:https?|mailto):|^\/reference\//.test(link))
        .filter((link) => {
          const [target = '', anchor] = link.split('#')
          if (/\.(?:svg|png)$/.test(target))
            return !readdirSync(root(dirname(join(dirname(path), target)))).includes(
              target.replace(/^.*\//, ''),
            )
          const base = target.startsWith('/') ? join('docs', target) : join(dirname(path), target)
          const page = target === '' ? path : findPage(base.replace(/\/$/, ''))
          return !page || (anchor !== undefined && !anchorsOf(page).includes(anchor))
        })
        .map((link) => `${path}: ${link}`),
    )
    expect(broken).toEqual([])
  })

  it('has every page in the sidebar, under its first heading', () => {
    const reachable = new Set(linksOf(sidebar()))
    const paths = pages.map(({ path }) => `/${relative('docs', path).replace(/(?:index)?\.md$/, '')}`)
    expect(paths.filter((path) => path !== '/' && !reachable.has(path))).toEqual([])
    const untitled = pages.filter(
      ({ path, text }) => path !== 'docs/index.md' && !/^(?:---\n[^]*?\n---\n\n)?# \S/.test(text),
    )
    expect(untitled).toEqual([])
  })

  it('says which TanStack Query is the oldest of the peer range', () => {
    const { peerDependencies } = JSON.parse(read('package.json')) as {
      peerDependencies: Record<string, string>
    }
    const [minor = ''] = /\d+\.\d+/.exec(peerDependencies['@tanstack/react-query'] ?? '') ?? []
    for (const path of ['README.md', 'docs/guide/getting-started.md']) {
      expect(read(path)).toContain(`TanStack Query ${minor} or newer`)
    }
    expect(read('CONTRIBUTING.md')).toContain(`| TanStack Query | ${minor} and newer`)
  })

  it('explains every option', () => {
    const declared = [
      ['src/client/AuthClientOptions.ts', 'AuthClientOptions'],
      ['src/http/authorize.ts', 'AuthorizeOptions'],
      ['src/http/createParser.ts', 'ParserOptions'],
    ].flatMap(([path = '', name]) => membersOf(path, name))
    expect(declared).toHaveLength(23)
    const headings = Array.from(
      read('docs/guide/options.md').matchAll(/^### `(\w+)`$/gm),
      ([, name = '']) => name,
    )
    expect(headings.sort()).toEqual(declared.sort())
    const table = read('README.md').split('### `createAuthClient(options)`')[1]?.split('### ')[0] ?? ''
    const rows = Array.from(table.matchAll(/^\| (`.+?) \|/gm), ([, cell = '']) => cell)
    expect(declared.filter((name) => !rows.some((cell) => cell.includes(`\`${name}\``)))).toEqual([])
  })

  it('explains what an endpoint and the refresh can be told', () => {
    const page = read('docs/guide/options.md')
    const endpoint = [
      ...membersOf('src/http/Endpoint.ts', 'EndpointDetails'),
      ...membersOf('src/http/Endpoint.ts', 'Endpoints'),
    ]
    expect(endpoint).toHaveLength(10)
    expect(endpoint.filter((name) => !page.includes(`\`${name}`))).toEqual([])
    const refresh = membersOf('src/refresh/TokenRefreshOptions.ts', 'TokenRefreshOptions')
    expect(refresh).toHaveLength(4)
    const table = read('docs/guide/sessions-that-last.md')
    expect(refresh.filter((name) => !table.includes(`| \`${name}\` |`))).toEqual([])
  })
})

describe('the reference', () => {
  const exported = Array.from(
    read('src/index.ts').matchAll(/\{ ([^}]+) \} from '\.\/([^']+)'/g),
    ([, names = '', path = '']) => names.split(', ').map((name) => [name, path] as const),
  ).flat()

  it.each(exported)('has a comment of %s to show', (name, path) => {
    const source = read(`src/${path}`)
    expect(source).toMatch(new RegExp(`\\*/\\nexport (?:const|class|function|interface|type) ${name}\\b`))
  })
})

describe('the diagram of the states', () => {
  const rows = Array.from(
    read('src/session/createSession.ts').matchAll(/^ \* \| (.+) \|$/gm),
    ([, row = '']) => row.split('|').map((cell) => cell.trim()),
  )
  const [, ...names] = (rows[0] ?? []).map((cell) => cell.replace(/ .*$/, ''))
  const transitions = rows
    .slice(2)
    .flatMap(([event = '', ...cells]) =>
      cells.flatMap((cell, index) =>
        cell === '-' || cell === 'refused'
          ? []
          : [`${names[index]} > ${cell.replace(/[ ,].*$/, '')}: ${event}`],
      ),
    )

  it('is the table of the session', () => {
    expect(transitions).toHaveLength(26)
    const drawn = Array.from(
      read('docs/guide/states.svg').matchAll(/<g data-from="([^"]+)" data-to="([^"]+)">([^]*?)<\/g>/g),
      ([, from = '', to = '', body = '']) =>
        from
          .split(' ')
          .flatMap((state) =>
            Array.from(body.matchAll(/>([^<]+)<\/text>/g), ([, event]) => `${state} > ${to}: ${event}`),
          ),
    ).flat()
    expect(drawn.sort()).toEqual(transitions.sort())
  })

  it('stands beside that table, which its page takes from the code', () => {
    const page = read('docs/guide/what-happens-at-logout.md')
    const table = Array.from(
      read('src/session/createSession.ts').matchAll(/^ \* (\|.+\|)$/gm),
      ([, row]) => row,
    )
    expect(table).toHaveLength(rows.length)
    expect(page).not.toContain(table[0])
    expect(showStates(page)).toContain(`\n\n${table.join('\n')}\n\n`)
  })
})

it.each(['states', 'logout'])(
  'the diagram %s tells those who cannot see it, and is dark where the reader is',
  (name) => {
    const svg = read(`docs/guide/${name}.svg`)
    expect(svg).toMatch(/role="img" aria-labelledby="title description"/)
    expect(svg).toMatch(/<title id="title">.{10,}<\/title>\s*<desc id="description">.{100,}<\/desc>/)
    expect(svg).toContain('prefers-color-scheme: dark')
  },
)
