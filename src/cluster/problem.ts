import { unreachable } from '../model/unreachable.ts';
import type { Problem } from './port.ts';

export interface Sentence {
  /** Kebab-case, stable. */
  readonly code: string;
  /** One sentence, in kubectl's words where it has them (kubectl pkg/cmd/util/helpers.go StandardErrorMessage). */
  readonly message: string;
  readonly remedy: string | null;
}

type Of<K extends Problem['kind']> = Extract<Problem, { kind: K }>;

const codeOfStatus = ({ httpStatus, reason }: Of<'status'>): string => {
  if (reason === 'Expired' || reason === 'Gone' || httpStatus === 410) return 'expired';
  const codes: Readonly<Record<number, string>> = {
    400: 'bad-request',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not-found',
    405: 'method-not-allowed',
    409: reason === 'AlreadyExists' ? 'already-exists' : 'conflict',
    422: 'invalid',
    429: 'too-many-requests',
    504: 'timed-out',
  };
  return codes[httpStatus] ?? (httpStatus >= 500 ? 'server-error' : 'refused');
};

const remedyOfStatus = (code: string, user: string | null): string | null => {
  switch (code) {
    case 'unauthorized':
      return user === null ? 'No user is chosen: name one in the context of the kubeconfig or with --user.' : `Log in again as user "${user}": its credential is missing, expired or not known to this cluster.`;
    case 'too-many-requests':
      return 'The server is busy: try again later.';
    default:
      return null;
  }
};

const sentenceOfStatus = (problem: Of<'status'>, user: string | null): Sentence => {
  const code = codeOfStatus(problem);
  const remedy = remedyOfStatus(code, user);
  const { reason, message } = problem;
  if (reason === 'Unauthorized') return { code, message: `error: You must be logged in to the server (${message})`, remedy };
  return { code, message: reason === '' ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`, remedy };
};

const REMEDIES: Readonly<Record<Of<'unreachable'>['cause'], string | null>> = {
  refused: 'Check that the cluster runs and that the server in the kubeconfig is right.',
  dns: 'Check the name of the server in the kubeconfig, and the network or VPN.',
  reset: 'Check the network; a proxy or load balancer may have closed the connection.',
  tls: 'Check certificate-authority and tls-server-name of the cluster in the kubeconfig.',
  proxy: 'Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY.',
  other: 'Check the network or VPN.',
};

const hostOf = (server: string): string => {
  try {
    return new URL(server).host;
  } catch {
    return server;
  }
};

/**
 * The words for a problem of one request to `server` as `user`. `message` is kubectl's own error sentence where kubectl has one; no
 * credential is in it.
 */
export const sentenceOf = (problem: Problem, about: { readonly server: string; readonly user: string | null }): Sentence => {
  switch (problem.kind) {
    case 'status':
      return sentenceOfStatus(problem, about.user);
    case 'not-kubernetes':
      return {
        code: 'not-kubernetes',
        message: `The server ${hostOf(about.server)} is not a Kubernetes API server: ${problem.message}.`,
        remedy: 'Check the server in the kubeconfig, and the proxy if there is one.',
      };
    case 'unreachable':
      return problem.cause === 'refused'
        ? {
            code: 'unreachable',
            message: `The connection to the server ${hostOf(about.server)} was refused - did you specify the right host or port?`,
            remedy: REMEDIES.refused,
          }
        : { code: problem.cause === 'tls' ? 'tls' : 'unreachable', message: `Unable to connect to the server: ${problem.message}`, remedy: REMEDIES[problem.cause] };
    case 'timed-out':
      return {
        code: 'timed-out',
        message: `Unable to connect to the server: ${problem.message.includes(hostOf(about.server)) ? problem.message : `${problem.message} ${problem.sent ? 'from' : 'to'} ${hostOf(about.server)}`}`,
        remedy: 'Check that the server is reachable and well, or allow more time with --request-timeout.',
      };
    case 'credentials':
      return { code: 'credentials', message: `Unable to connect to the server: ${problem.message}`, remedy: about.user === null ? null : `Check the user "${about.user}" in the kubeconfig.` };
    case 'aborted':
      return { code: 'aborted', message: 'The request was interrupted.', remedy: null };
    default:
      return unreachable(problem);
  }
};
