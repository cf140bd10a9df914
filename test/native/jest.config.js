/** What is published as modules, or in Flow. */
const modern = '(jest-)?react-native|@react-native(-.*)?|expo(-.*)?|@expo|signoff|ky'

module.exports = {
  preset: '@react-native/jest-preset',
  testMatch: ['<rootDir>/device/*.spec.tsx'],
  setupFiles: ['<rootDir>/device/openDevice.ts'],
  transformIgnorePatterns: [`node_modules/(?!(${modern})/)`],
  moduleNameMapper: {
    '^@react-native-async-storage/async-storage$':
      '<rootDir>/node_modules/@react-native-async-storage/async-storage/jest/async-storage-mock.js',
  },
  // The limit only says that a test hangs.
  testTimeout: 120_000,
}
