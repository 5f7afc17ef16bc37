export { createLeases, type Lease, type Leases } from './leases.ts';
export { repeating, type Repeating } from './repeating.ts';
