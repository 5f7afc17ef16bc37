import { serve } from '../../shared/threads/serving.ts';
import { fitModel, forecast } from './model.ts';
import type { Ask } from './thread.ts';

serve((ask: Ask) => {
  if (ask.type === 'fit') return { answer: fitModel(ask.purchases) };
  return { answer: forecast(ask.purchases, ask.model, ask.discount) };
});
