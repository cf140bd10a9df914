import 'reflect-metadata'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from '@playwright/test'
import * as x509 from '@peculiar/x509'
import { findBrowser } from '../engines/installBrowser.mjs'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

const makeCertificate = async (names: string[]) => {
  x509.cryptoProvider.set(crypto)
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${names[0]}`,
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
    ],
  })
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`,
    hash: createHash('sha256').update(Buffer.from(certificate.publicKey.rawData)).digest('base64'),
  }
}

/** Held back before a browser is answered. */
export type Hold = (address: string) => Promise<void> | undefined

export interface Domains {
  /** A browser that knows the domains, and no other. */
  browser: Browser
  close: () => Promise<void>
}

/**
 * Puts servers of this machine behind domains of their own, with TLS: the code of a recipe runs as it stands there.
 *
 * @param targets - The address of the server of each domain.
 * @param hold - Asked once a server has answered, and before its answer is passed on.
 */
export const openDomains = async (targets: Record<string, string>, hold: Hold): Promise<Domains> => {
  const names = Object.keys(targets)
  const { cert, key, hash } = await makeCertificate(names)
  const server = createServer({ cert, key }, (incoming, response) => {
    const { method = '', url = '', headers } = incoming
    const { host = '' } = headers
    const forwarded = request(
      `${targets[host]}${url}`,
      { method, headers: { ...headers, 'x-forwarded-proto': 'https' } },
      async (answer) => {
        await hold(`${method} https://${host}${url}`)
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    forwarded.on('error', () => response.destroy())
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const executablePath = findBrowser('chromium')
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    // Chromium refuses its sandbox to root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1:${port}`).join()}`,
      `--ignore-certificate-errors-spki-list=${hash}`,
    ],
  })
  return {
    browser,
    close: async () => {
      await browser.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
