import type { Reference, WebDriver } from './WebDriver.ts'

/** A script of a test: it runs in the page, and knows nothing but its parameters. */
type Script<TGiven extends unknown[], T> = (...given: TGiven) => T | Promise<T>

/** A page, or a frame in it. */
export class Document {
  readonly driver: WebDriver
  readonly choose: (send: WebDriver['send']) => Promise<void>

  /** @param choose - Lets the commands that follow go to this document. */
  constructor(driver: WebDriver, choose: (send: WebDriver['send']) => Promise<void>) {
    this.driver = driver
    this.choose = choose
  }

  protected run<T>(source: string, given: unknown[]): Promise<T> {
    return this.driver.together(async (send) => {
      await this.choose(send)
      const answer = await send<{ error?: string; value: T }>('POST', '/execute/async', {
        script: `const done = arguments[1]
          Promise.resolve().then(() => (${source})(...arguments[0])).then(
            (value) => done({ value }),
            (error) => done({ error: String(error) }),
          )`,
        args: [given],
      })
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer.value
    })
  }

  evaluate<TGiven extends unknown[], T>(script: Script<TGiven, T>, ...given: TGiven): Promise<T> {
    return this.run(String(script), given)
  }
}

/** As much of Puppeteer's `Page` as the tests use, over WebDriver. */
export class Tab extends Document {
  #url = ''
  #isClosed = false
  readonly preludes: Set<string>

  /**
   * @param handle - What the driver calls its window.
   * @param preludes - What runs in each document before all of its own code: WebDriver knows no such thing, so the site does it.
   */
  constructor(driver: WebDriver, handle: string, preludes: Set<string>) {
    super(driver, async (send) => {
      await send('POST', '/window', { handle })
      await send('POST', '/frame', { id: null })
    })
    this.preludes = preludes
  }

  /** The driver itself has limits. */
  setDefaultTimeout(): void {}

  async evaluateOnNewDocument(script: () => void): Promise<void> {
    this.preludes.add(`(${String(script)})()`)
  }

  /** Sends a command that belongs to this tab. */
  #send<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
    return this.driver.together(async (send) => {
      await this.choose(send)
      return send(method, path, body)
    })
  }

  async goto(url: string): Promise<void> {
    this.#url = url
    await this.#send('POST', '/url', { url })
  }

  url(): string {
    return this.#url
  }

  async reload(): Promise<void> {
    await this.#send('POST', '/refresh')
  }

  async bringToFront(): Promise<void> {
    await this.driver.together(this.choose)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#send('DELETE', '/window')
  }

  isClosed(): boolean {
    return this.#isClosed
  }

  /** Of selectors, those alone that tell an element by its text: `'button ::-p-text(Log in)'`. */
  locator(selector: string): { wait: () => Promise<void>; click: () => Promise<void> } {
    const [, within = '', text = ''] = /^(\w*) ?::-p-text\((.+)\)$/.exec(selector) ?? []
    const find = async (act: 'look' | 'click'): Promise<void> => {
      const isFound = await this.evaluate(
        async (within, text, act) => {
          const all = document.querySelectorAll<HTMLElement>(within || '*')
          const found = Array.from(all).find(({ textContent }) => textContent?.includes(text))
          if (act === 'click') found?.click()
          if (!found) await new Promise((resolve) => setTimeout(resolve, 20))
          return found !== undefined
        },
        within,
        text,
        act,
      ).catch(() => false)
      if (!isFound) await find(act)
    }
    return { wait: () => find('look'), click: () => find('click') }
  }

  /** Of handles, those alone of a frame. */
  async evaluateHandle<TGiven extends unknown[]>(
    script: Script<TGiven, HTMLIFrameElement>,
    ...given: TGiven
  ): Promise<{ contentFrame: () => Promise<Document> }> {
    const id = await this.run<Reference>(String(script), given)
    const frame = new Document(this.driver, async (send) => {
      await this.choose(send)
      await send('POST', '/frame', { id })
    })
    return { contentFrame: () => Promise.resolve(frame) }
  }
}
