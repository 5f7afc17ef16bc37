import type { Engine } from './storage.ts';

export interface Migration {
  name: string;
  statements(engine: Engine): string[];
}
