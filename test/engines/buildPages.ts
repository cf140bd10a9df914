import { buildPages } from './site.ts'

export default buildPages
