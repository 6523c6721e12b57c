import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'controller-action', found: [], clear: [], unknown: [] };
