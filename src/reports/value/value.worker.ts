import { serve } from '../../shared/threads/serving.ts';
import { fitModel, forecast } from './model.ts';
import type { Ask } from './thread.ts';

serve((ask: Ask) => (ask.type === 'fit' ? fitModel(ask.purchases) : forecast(ask.purchases, ask.model, ask.discount)));
