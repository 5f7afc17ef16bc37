import { serve } from './serve.ts';
import { keepFilesPrivate } from './shared/private-files.ts';

keepFilesPrivate();
await serve();
