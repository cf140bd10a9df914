/** @type {import('next').NextConfig} */
export default {
  // Routes that were left are kept in a hidden <Activity>.
  cacheComponents: true,
  partialPrefetching: true,
  turbopack: { root: import.meta.dirname },
}
