export interface NamespaceContentsCodes {}
