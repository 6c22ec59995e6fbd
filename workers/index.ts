import { app } from './app.ts';

export { TopicHub } from './hub/topic-hub.ts';
export default app;
