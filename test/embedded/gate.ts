/** Something that can be shut for a while: the API server, a node. Work waits in front of it. */
export class Gate {
  #open = true
  readonly #waiting: (() => void)[] = []

  get isOpen(): boolean {
    return this.#open
  }

  open(): void {
    this.#open = true
    for (const run of this.#waiting.splice(0)) run()
  }

  close(): void {
    this.#open = false
  }

  /** Resolves when the gate is open. */
  async passed(): Promise<void> {
    while (!this.#open) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
  }
}

/** Waits until all gates are open at the same time. */
export async function allOpen(gates: readonly Gate[]): Promise<void> {
  for (;;) {
    const shut = gates.find((gate) => !gate.isOpen)
    if (shut === undefined) return
    await shut.passed()
  }
}
