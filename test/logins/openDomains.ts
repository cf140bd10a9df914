import 'reflect-metadata'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { LaunchOptions } from 'puppeteer-core'
import type { Options } from '../engines/promises/promise.ts'
import { deferred } from '../support/openApiServer.ts'

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

/** What a browser has asked for. */
export interface Visit {
  /** `POST https://host/path`. */
  address: string
  referrer: string
}

export interface Domains {
  /** What lets a browser know the domains, and their certificate. */
  launchOptions: Partial<Record<Options['engine'], LaunchOptions>>
  visits: Visit[]
  /**
   * Lets the answers to one request (`POST https://host/path`) wait until they are released.
   *
   * @returns When the first of them waits, and what releases them.
   */
  hold: (address: string) => { waiting: Promise<void>; release: () => void }
  close: () => Promise<void>
}

/**
 * Puts servers of this machine behind domains of their own, with TLS: the code of a recipe runs as it stands there.
 *
 * @param targets - The address of the server of each domain.
 */
export const openDomains = async (targets: Record<string, string>): Promise<Domains> => {
  const names = Object.keys(targets)
  const { cert, key, hash } = await makeCertificate(names)
  const visits: Visit[] = []
  const held = new Map<string, { wait: () => void; released: Promise<void> }>()

  const server = createServer({ cert, key }, (incoming, response) => {
    const { method = '', url = '', headers } = incoming
    const { host = '', referer = '' } = headers
    const address = `${method} https://${host}${url}`
    visits.push({ address, referrer: referer })
    const forwarded = request(
      `${targets[host]}${url}`,
      { method, headers: { ...headers, 'x-forwarded-proto': 'https' } },
      async (answer) => {
        const hold = held.get(address)
        hold?.wait()
        await hold?.released
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    forwarded.on('error', () => response.destroy())
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    launchOptions: {
      chromium: {
        args: [
          `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1:${port}`).join()}`,
          // It knows no passkeys where all certificates are taken.
          `--ignore-certificate-errors-spki-list=${hash}`,
        ],
      },
      firefox: {
        acceptInsecureCerts: true,
        extraPrefsFirefox: {
          'network.dns.localDomains': names.join(),
          'network.socket.forcePort': `443=${port}`,
        },
      },
    },
    visits,
    hold: (address) => {
      const waiting = deferred()
      const { promise: released, resolve: release } = deferred()
      held.set(address, { wait: waiting.resolve, released })
      return { waiting: waiting.promise, release }
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
