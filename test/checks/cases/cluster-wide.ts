import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'cluster-wide', found: [], clear: [], unknown: [] };
