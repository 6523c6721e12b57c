/** Connections inside this process: two ends of one stream, which can be cut or go silent as a network's can. */
import { Duplex } from 'node:stream';

/** Counts what moves on all connections: a clock may move on only when nothing does. */
export interface Traffic {
  moved: number;
}

export class End extends Duplex {
  #other: End | null = null;
  readonly #traffic: Traffic;
  /** What is written from now on arrives nowhere, and nobody is told: a half-open connection. */
  silent = false;

  constructor(traffic: Traffic) {
    super({ allowHalfOpen: false });
    this.#traffic = traffic;
    // A connection that is cut tells its reader; who is not reading any more does not have to listen.
    this.on('error', () => undefined);
  }

  static pair(traffic: Traffic): readonly [client: End, server: End] {
    const [client, server] = [new End(traffic), new End(traffic)];
    client.#other = server;
    server.#other = client;
    return [client, server];
  }

  override _read(): void {
    // Chunks are pushed when the other end writes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#traffic.moved += 1;
    if (!this.silent && this.#other?.destroyed === false) this.#other.push(chunk);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#traffic.moved += 1;
    if (!this.silent && this.#other?.destroyed === false) this.#other.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#traffic.moved += 1;
    const other = this.#other;
    if (!this.silent && other !== null && !other.destroyed) {
      setImmediate(() => {
        this.#traffic.moved += 1;
        other.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
      });
    }
    done(error);
  }

  // What an agent asks of a socket.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
