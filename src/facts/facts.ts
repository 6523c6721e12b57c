/** All facts by id. A check names the ones it needs and sees no others. */
import { access } from './access.ts';
import { admission } from './admission.ts';
import { budgets } from './budgets.ts';
import { claims } from './claims.ts';
import { daemonRevision } from './daemon-revision.ts';
import { dependents } from './dependents.ts';
import { ephemeral } from './ephemeral.ts';
import type { Given } from './fact.ts';
import { finalizers } from './finalizers.ts';
import { gitops } from './gitops.ts';
import { members } from './members.ts';
import { node } from './node.ts';
import { owners } from './owners.ts';
import { services } from './services.ts';
import { site } from './site.ts';
import type { Target } from '../model/target.ts';
import type { Seen } from './want.ts';

export const facts = { owners, members, claims, node, budgets, services, daemonRevision, dependents, ephemeral, gitops, finalizers, access, admission, site } as const;

export type FactId = keyof typeof facts;
export type Views = { readonly [F in FactId]: ReturnType<(typeof facts)[F]['view']> };

export const viewsOf = (target: Target, given: Given, seen: Seen): Views => ({
  owners: owners.view(target, given, seen),
  members: members.view(target, given, seen),
  claims: claims.view(target, given, seen),
  node: node.view(target, given, seen),
  budgets: budgets.view(target, given, seen),
  services: services.view(target, given, seen),
  daemonRevision: daemonRevision.view(target, given, seen),
  dependents: dependents.view(target, given, seen),
  ephemeral: ephemeral.view(target, given, seen),
  gitops: gitops.view(target, given, seen),
  finalizers: finalizers.view(target, given, seen),
  access: access.view(target, given, seen),
  admission: admission.view(target, given, seen),
  site: site.view(target, given, seen),
});
