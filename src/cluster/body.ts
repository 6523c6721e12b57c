import type { IncomingMessage } from 'node:http';
import type { Deadline } from './deadline.ts';
import { brokenBy, cutShort } from './exchange.ts';
import type { Problem } from './port.ts';

export type Body = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: Problem };

const chunks = async (response: AsyncIterable<Buffer>): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return Buffer.concat(parts);
};

/** Reads a whole answer within the deadline. An answer that ends early is a problem, never a shorter body. */
export const bodyOf = async (response: IncomingMessage, deadline: Deadline): Promise<Body> => {
  try {
    const bytes = await chunks(response);
    if (deadline.reason() !== null) return { ok: false, problem: cutShort(deadline, true, 'the answer did not end in time') };
    if (!response.complete) return { ok: false, problem: brokenBy(null) };
    if (response.headers['content-encoding'] !== 'gzip') return { ok: true, text: bytes.toString('utf8') };
    const { gunzipSync } = await import('node:zlib');
    return { ok: true, text: gunzipSync(bytes).toString('utf8') };
  } catch (error) {
    if (deadline.reason() !== null) return { ok: false, problem: cutShort(deadline, true, 'the answer did not end in time') };
    return { ok: false, problem: brokenBy(error) };
  }
};
