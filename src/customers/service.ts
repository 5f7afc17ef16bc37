import { createContext } from './context.ts';
import { createEditing } from './edit-service.ts';
import type { Customers, CustomersDeps } from './interface.ts';
import { createHandingOver } from './handing-over.ts';
import { createMergingRecords } from './merging.ts';
import { createReading } from './read-service.ts';
import { createRecordingByHand } from './record-hand-service.ts';
import { createRecording } from './record-service.ts';
import { createReverting } from './revert-service.ts';
import { createSubscribing } from './subscription-service.ts';
import { createTimeline } from './timeline-service.ts';
import { createUpserting } from './upsert-service.ts';

/** The business's customers: who they are, what they bought, whether and how they may be written to. */
export function createCustomers(deps: CustomersDeps): Customers {
  const context = createContext(deps);
  const { hooks } = context;
  return {
    ...createReading(context),
    ...createEditing(context),
    ...createHandingOver(context),
    ...createSubscribing(context),
    ...createUpserting(context),
    ...createReverting(context),
    ...createRecording(context),
    ...createRecordingByHand(context),
    ...createTimeline(context),
    ...createMergingRecords(context),
    touched: context.changed,
    onChanged: (hook) => void hooks.changed.push(hook),
    onUnsubscribed: (hook) => void hooks.unsubscribed.push(hook),
    onRemoving: (hook) => void hooks.removing.push(hook),
  };
}
