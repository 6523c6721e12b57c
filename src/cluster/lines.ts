import { StringDecoder } from 'node:string_decoder';

/**
 * Lines of a stream of bytes, without their ends. A character or a line may be split over any number of chunks; a last line without
 * an end is given too (`complete: false`). Of a line that is longer than `longest` characters the rest is dropped as it comes.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, longest = Number.POSITIVE_INFINITY): AsyncGenerator<{ readonly text: string; readonly complete: boolean }> {
  const decoder = new StringDecoder('utf8');
  // Pieces of the current line: joining once keeps a line of 10 MB in thousands of chunks linear.
  let pieces: string[] = [];
  let kept = 0;
  const keep = (piece: string): void => {
    const fitting = piece.length <= longest - kept ? piece : piece.slice(0, longest - kept);
    kept += fitting.length;
    if (fitting !== '') pieces.push(fitting);
  };
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      keep(text.slice(from, end));
      const line = pieces.join('');
      pieces = [];
      kept = 0;
      from = end + 1;
      yield { text: line.endsWith('\r') ? line.slice(0, -1) : line, complete: true };
    }
    if (from < text.length) keep(text.slice(from));
  }
  keep(decoder.end());
  const rest = pieces.join('');
  if (rest !== '') yield { text: rest, complete: false };
}
