export interface AccessCodes {}
