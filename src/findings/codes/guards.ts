export interface GuardsCodes {}
