/** The facts that tell why an object that is being deleted is still there. */
import type { Target } from '../model/target.ts';
import { attachments } from './attachments.ts';
import { blockingDependents } from './blocking-dependents.ts';
import { blockingWebhooks } from './blocking-webhooks.ts';
import { claimUsers } from './claim-users.ts';
import { controllerManager } from './controller-manager.ts';
import type { Given } from './fact.ts';
import { finalizers } from './finalizers.ts';
import { leftOfDefinition } from './left-of-definition.ts';
import { leftInNamespace } from './left-in-namespace.ts';
import { node } from './node.ts';
import { objectEvents } from './object-events.ts';
import type { Seen } from './want.ts';

export const reasonFacts = { node, finalizers, controllerManager, objectEvents, attachments, claimUsers, leftInNamespace, leftOfDefinition, blockingDependents, blockingWebhooks } as const;

export type ReasonViews = { readonly [F in keyof typeof reasonFacts]: ReturnType<(typeof reasonFacts)[F]['view']> };

/** Every fact's view of one target. */
export const reasonViewsOf = (target: Target, given: Given, seen: Seen): ReasonViews =>
  // Object.fromEntries forgets which key has which type.
  Object.fromEntries(Object.entries(reasonFacts).map(([id, fact]) => [id, fact.view(target, given, seen)])) as unknown as ReasonViews;
