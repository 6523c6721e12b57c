export interface NodeObjectCodes {}
