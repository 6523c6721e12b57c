import { StringDecoder } from 'node:string_decoder';

/**
 * Lines of a stream of bytes, without their ends. A character or a line may be split over any number of chunks; a last line without
 * an end is given too (`complete: false`).
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<{ readonly text: string; readonly complete: boolean }> {
  const decoder = new StringDecoder('utf8');
  // Pieces of the current line: joining once keeps a line of 10 MB in thousands of chunks linear.
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      pieces.push(text.slice(from, end));
      const line = pieces.join('');
      pieces = [];
      from = end + 1;
      yield { text: line.endsWith('\r') ? line.slice(0, -1) : line, complete: true };
    }
    if (from < text.length) pieces.push(text.slice(from));
  }
  const rest = pieces.join('') + decoder.end();
  if (rest !== '') yield { text: rest, complete: false };
}
