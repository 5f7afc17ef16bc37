export { createLeases, type Lease, type Leases } from './leases.ts';
