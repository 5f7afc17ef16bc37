export { leaversCsv } from './leavers-file.ts';
export { createDemo, type Demo, type DemoDeps, type Sample } from './service.ts';
export type { DemoServices } from './stage.ts';
