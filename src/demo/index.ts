export { createDemo, type Demo, type Sample } from './service.ts';
