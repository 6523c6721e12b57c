import type { AdmissionView } from '../facts/admission.ts';
import type { FindingOf } from '../findings/finding.ts';
import { defineCheck } from './check.ts';

/** RBAC's refusal is another fact, and the permissions check's (k8s.io/apiserver pkg/endpoints/handlers/responsewriters/errors.go). */
const isAuthorizer = (message: string): boolean => /^[^:]* is forbidden: User "[^"]*" cannot (?:create|delete) /u.test(message);

/** The policy or webhook that a denial names: their messages have fixed beginnings (apiserver pkg/admission/plugin). */
const deniedBy = (message: string): string | null =>
  /ValidatingAdmissionPolicy '([^']+)'/u.exec(message)?.[1] ?? /admission webhook "([^"]+)"/u.exec(message)?.[1] ?? /failed calling webhook "([^"]+)"/u.exec(message)?.[1] ?? null;

const find = (admission: AdmissionView): readonly FindingOf<'admission'>[] => {
  const { answer } = admission;
  if (answer?.kind !== 'refused' || isAuthorizer(answer.message)) return [];
  return [{ check: 'admission', code: 'denied', data: { by: deniedBy(answer.message), message: answer.message, httpStatus: answer.httpStatus }, objects: [] }];
};

export const admission = defineCheck({
  id: 'admission',
  kinds: 'every',
  needs: ['admission'],
  notApplicable: (_pod, given) => (given.mayProbe ? null : '--dry-run=client only reads'),
  find: (_pod, views) => find(views.admission),
});
