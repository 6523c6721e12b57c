export interface ControllerActionCodes {}
