import type { IncomingMessage } from 'node:http';
import type { ApiStatus } from '../model/wire.ts';
import type { Problem } from './port.ts';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isStatus = (value: unknown): value is ApiStatus => isRecord(value) && value['kind'] === 'Status';

/** Seconds of a Retry-After header; null without one. Dates are not understood, as in client-go (rest/request.go retryAfterSeconds). */
export const retryAfterOf = (response: IncomingMessage): number | null => {
  const header = response.headers['retry-after'];
  return header !== undefined && /^\d{1,6}$/u.test(header) ? Number(header) : null;
};

/** Texts of Warning headers with code 299 (apimachinery net.ParseWarningHeaders). */
export const warningsOf = (response: IncomingMessage): readonly string[] => {
  const texts: string[] = [];
  for (let at = 0; at + 1 < response.rawHeaders.length; at += 2) {
    if (response.rawHeaders[at]?.toLowerCase() !== 'warning') continue;
    const header = Buffer.from(response.rawHeaders[at + 1] ?? '', 'latin1').toString('utf8');
    for (const match of header.matchAll(/(?:^|,\s*)299 \S+ "((?:[^"\\]|\\.)*)"/gu)) {
      const text = (match[1] ?? '').replaceAll(/\\(.)/gu, '$1');
      if (text !== '') texts.push(text);
    }
  }
  return texts;
};

/** What client-go says for an answer without a Status (apimachinery errors.NewGenericServerResponse). */
const GENERIC: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: ['Conflict', 'the server reported a conflict'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'the server was unable to return a response in the time allotted, but may still be processing the request'],
};

const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim().slice(0, 200);

const genericStatus = (code: number, body: string, retryAfterSeconds: number | null): Problem => {
  const text = oneLine(body);
  const known = GENERIC[code];
  const base = { kind: 'status', httpStatus: code, details: null, retryAfterSeconds } as const;
  if (code === 403) return { ...base, reason: 'Forbidden', message: text === '' ? 'unknown' : text };
  if (code === 406) return { ...base, reason: 'NotAcceptable', message: text === '' ? 'the server was unable to respond with a content type that the client supports' : text };
  if (code === 415) return { ...base, reason: 'UnsupportedMediaType', message: text };
  if (known !== undefined) return { ...base, reason: known[0], message: known[1] };
  if (code >= 500) return { ...base, reason: 'InternalError', message: `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding` };
  return { ...base, reason: '', message: `the server responded with the status code ${code} but did not return more information` };
};

/** A Status object as a problem. `httpStatus` is used where the object names no code. */
export const statusProblem = (status: ApiStatus, httpStatus: number, retryAfterSeconds: number | null): Problem => ({
  kind: 'status',
  httpStatus: status.code ?? httpStatus,
  reason: status.reason ?? '',
  message: status.message ?? '',
  details: status.details ?? null,
  retryAfterSeconds: retryAfterSeconds ?? status.details?.retryAfterSeconds ?? null,
});

/** An ERROR event of a watch: its object is a Status, the HTTP status was 200. */
export const eventProblem = (object: unknown): Problem =>
  isStatus(object) ? statusProblem(object, 500, null) : { kind: 'not-kubernetes', httpStatus: 200, message: 'an ERROR event without a Status' };

const locationOf = (response: IncomingMessage): string => {
  const location = response.headers.location ?? '';
  try {
    const { protocol, host } = new URL(location);
    return ` to ${protocol}//${host}`;
  } catch {
    return '';
  }
};

const looksLikeHtml = (response: IncomingMessage, body: string): boolean =>
  /^\s*text\/html/iu.test(response.headers['content-type'] ?? '') || /^\s*<(?:!doctype|html|head|body)/iu.test(body);

/** Why an answer with this head and body is not a success; null when its status is 2xx. */
export const refusalOf = (response: IncomingMessage, body: string): Problem | null => {
  const code = response.statusCode ?? 0;
  const retryAfterSeconds = retryAfterOf(response);
  if (code >= 300 && code < 400) {
    return { kind: 'not-kubernetes', httpStatus: code, message: `it redirects${locationOf(response)} (HTTP ${code}), and redirects are not followed: credentials go to no other host` };
  }
  if (looksLikeHtml(response, body)) {
    return { kind: 'not-kubernetes', httpStatus: code, message: `it answered with an HTML page (HTTP ${code}), as a proxy or a login page does` };
  }
  if (code >= 200 && code < 300) return null;
  if (code === 407) return { kind: 'not-kubernetes', httpStatus: code, message: 'a proxy asks for credentials (HTTP 407)' };
  const value = parsed(body);
  return isStatus(value) ? statusProblem(value, code, retryAfterSeconds) : genericStatus(code, body, retryAfterSeconds);
};

/** JSON of a body; undefined when it is none. */
export const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** An answer that is complete, successful and not JSON or not an object of the API. */
export const notAnObject = (code: number): Problem => ({ kind: 'not-kubernetes', httpStatus: code, message: `its answer (HTTP ${code}) is not an object of the Kubernetes API` });
