import { test } from '@playwright/test'
import { installPackages } from '../support/installPackages.ts'

/** Installs the packages of an app. Where they cannot be had, the tests of the app are left out, and say so. */
export const installApp = (folder: string): void => {
  try {
    installPackages(folder)
  } catch (error) {
    const reason = `Left out, because its packages cannot be installed: ${folder} (${String(error)})`
    console.warn(reason)
    test.skip(true, reason)
  }
}
