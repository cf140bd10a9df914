import { contextBridge, ipcRenderer } from 'electron'

contextBridge.exposeInMainWorld('secrets', {
  getItem: (key: string) => ipcRenderer.invoke('getItem', key),
  setItem: (key: string, value: string) => ipcRenderer.invoke('setItem', key, value),
  removeItem: (key: string) => ipcRenderer.invoke('removeItem', key),
})
