import { serve } from '../../src/shared/threads/serving.ts';

serve((ask) => ({ answer: ask }));
