/** What a controller does when one of its objects goes. */
type ControllerActs = { readonly by: string; readonly what: string };

export interface ControllerActionCodes {
  'controller-removes': ControllerActs;
  'controller-stops': ControllerActs;
  'controller-leaves': ControllerActs;
}
