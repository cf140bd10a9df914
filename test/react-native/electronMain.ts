import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { app, ipcMain, safeStorage } from 'electron'

const pathOf = (key: string): string => join(app.getPath('userData'), `${basename(key)}.secret`)

ipcMain.handle('getItem', (_event, key: string) =>
  existsSync(pathOf(key)) ? safeStorage.decryptString(readFileSync(pathOf(key))) : null,
)
ipcMain.handle('setItem', (_event, key: string, value: string) =>
  writeFileSync(pathOf(key), safeStorage.encryptString(value)),
)
ipcMain.handle('removeItem', (_event, key: string) => rmSync(pathOf(key), { force: true }))
