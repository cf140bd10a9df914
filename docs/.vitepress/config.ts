import { defineConfig } from 'vitepress'
import { showStates } from './showStates.ts'
import { sidebar } from './sidebar.ts'

export default defineConfig({
  title: 'signoff',
  description:
    'React hooks for apps whose API hands out bearer tokens, with a logout that leaves nothing of the user behind.',
  head: [['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }]],
  outDir: './dist',
  srcExclude: ['README.md', 'node_modules/**'],
  cleanUrls: true,
  // A link that leads nowhere fails the build.
  ignoreDeadLinks: false,
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    config: (markdown) => {
      markdown.core.ruler.before('normalize', 'states', (state) => {
        state.src = showStates(state.src)
      })
      // Vue would take two braces within a line of text for an expression of its own.
      markdown.core.ruler.push('verbatim', ({ tokens }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          if (token.type === 'code_inline') token.attrSet('v-pre', '')
        }
      })
    },
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide/getting-started' },
      { text: 'Recipes', link: '/recipes/', activeMatch: '/recipes/' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    docFooter: { prev: 'Before', next: 'Next' },
  },
})
