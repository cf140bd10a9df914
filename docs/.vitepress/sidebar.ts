import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const docs = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** A page with its first heading, and where its front matter puts it among the others of its folder. */
const readPage = (path: string) => {
  const text = readFileSync(docs(path), 'utf8')
  const title = /^# (.+)$/m.exec(text)?.[1] ?? path
  const order = Number(/^order: (\d+)$/m.exec(text)?.[1] ?? Infinity)
  return { text: title.replaceAll(/[`\\]|<.*>/g, ''), link: `/${path.replace(/(?:index)?\.md$/, '')}`, order }
}

/** All pages of a folder: those with an order first, the others by title. */
const readFolder = (folder: string) => {
  if (!existsSync(docs(folder))) return []
  return readdirSync(docs(folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => readPage(`${folder}/${name}`))
    .sort((a, b) => (a.order === b.order ? a.text.localeCompare(b.text) : a.order - b.order))
}

/** Every page of the site, found by itself: one that is added to a folder needs no entry. */
export const sidebar = () => [
  { text: 'Guide', items: readFolder('guide') },
  { text: 'Recipes', items: readFolder('recipes') },
  {
    text: 'Reference',
    link: '/reference/',
    items: ['functions', 'interfaces', 'types', 'classes'].map((folder) => ({
      text: { functions: 'Functions', interfaces: 'Interfaces', types: 'Types', classes: 'Errors' }[folder],
      collapsed: true,
      items: readFolder(`reference/${folder}`),
    })),
  },
]
