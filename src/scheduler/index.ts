export { background, inTurn, type Job } from './background.ts';
export { ALONE, createLeases, underLease, type Lease, type Leases } from './leases.ts';
export { repeating, type Repeating } from './repeating.ts';
export { whileResting } from './resting.ts';
