export interface ExposureCodes {}
