/** -v=6 and above: every request with its result and time on stderr, as kubectl shows it. No header, body or credential is in it. */
import type { Clock } from '../model/world.ts';
import { listPath, pathOf } from './paths.ts';
import type { Answer, ClusterPort, ResourcePath } from './port.ts';

const resultOf = (answer: Answer<unknown>): string => {
  if (answer.ok) return 'OK';
  const { problem } = answer;
  switch (problem.kind) {
    case 'status':
      return `${problem.httpStatus} ${problem.reason}`.trim();
    case 'not-kubernetes':
      return `${problem.httpStatus} ${problem.message}`;
    case 'unreachable':
    case 'timed-out':
    case 'credentials':
      return problem.message;
    case 'aborted':
      return 'interrupted';
  }
};

/** The port with a line for each request, when it has been answered; a stream when it is opened. */
export const loggedPort = (port: ClusterPort, clock: Clock, log: (line: string) => void): ClusterPort => {
  const timed = async <T>(what: string, call: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    const from = clock.now();
    const answer = await call();
    log(`${what} ${resultOf(answer)} in ${Math.round(clock.now() - from)} milliseconds`);
    return answer;
  };
  const stream = <S>(what: string, at: ResourcePath, signals: AsyncIterable<S>): AsyncIterable<S> => {
    log(`${what} ${listPath(at, {})}`);
    return signals;
  };
  return {
    ...port,
    get: async (at, options) => await timed(`GET ${pathOf(at)}`, async () => await port.get(at, options)),
    list: async (at, options) => await timed(`GET ${listPath(at, options ?? {})}`, async () => await port.list(at, options)),
    raw: async (path, options) => await timed(`GET ${path}`, async () => await port.raw(path, options)),
    delete: async (at, body, options) => await timed(`DELETE ${pathOf(at)}${body.dryRun === undefined ? '' : ' (dry run)'}`, async () => await port.delete(at, body, options)),
    create: async (at, body, options) => await timed(`POST ${pathOf(at)}`, async () => await port.create(at, body, options)),
    watch: (at, options) => stream('WATCH', at, port.watch(at, options)),
    logs: (at, options) => stream('LOGS', at, port.logs(at, options)),
  };
};
