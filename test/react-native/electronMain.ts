import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { app, ipcMain, safeStorage } from 'electron'

const pathOf = (key: string): string => join(app.getPath('userData'), `${basename(key)}.secret`)

ipcMain.handle('getItem', async (_event, key: string) =>
  existsSync(pathOf(key)) ? (await safeStorage.decryptStringAsync(readFileSync(pathOf(key)))).result : null,
)
ipcMain.handle('setItem', async (_event, key: string, value: string) =>
  writeFileSync(pathOf(key), await safeStorage.encryptStringAsync(value)),
)
ipcMain.handle('removeItem', (_event, key: string) => rmSync(pathOf(key), { force: true }))
