export interface CustomResourcesCodes {}
