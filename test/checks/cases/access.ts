import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'access', found: [], clear: [], unknown: [] };
