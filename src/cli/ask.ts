/** The one question of a run: on stderr, default No, and for what is irreversible a word to type. */
import { typeSlashName } from '../model/ref.ts';
import type { Sink, Source } from '../model/world.ts';
import type { Ask } from '../plan/question.ts';

/** Asks on the terminal. End of input, an interrupt and anything but a clear yes are no. */
export const asker =
  (terminal: { readonly stdin: Source; readonly stderr: Sink }, printable: (text: string) => string): Ask =>
  async ({ needed, confirmWord, targets, context, signal }) => {
    const [first] = targets;
    const what = targets.length === 1 && first !== undefined ? `${typeSlashName(first)} in ${first.namespace ?? 'the cluster'}` : `these ${targets.length} objects`;
    const where = context.name ?? context.cluster ?? context.server;
    const question =
      needed === 'yes' ? `Delete ${printable(what)} (${printable(where)})? [y/N] ` : `This cannot be undone. Type ${printable(confirmWord)} to delete ${printable(what)} (${printable(where)}): `;
    terminal.stderr.write(question);
    const line = await terminal.stdin.readLine(signal);
    if (line === null) {
      terminal.stderr.write('\n');
      return 'no';
    }
    const answer = line.trim();
    if (needed === 'confirm') return answer === confirmWord ? 'yes' : 'no';
    return ['y', 'yes'].includes(answer.toLowerCase()) ? 'yes' : 'no';
  };
