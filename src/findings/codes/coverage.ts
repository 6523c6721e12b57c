export interface CoverageCodes {}
