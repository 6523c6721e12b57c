export interface InUseCodes {}
