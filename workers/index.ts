import { app } from './app.ts';

export { TopicHub } from './hub/topic-hub.ts';
export { TopicReplica } from './tree/topic-replica.ts';
export { UserHub } from './user/user-hub.ts';
export default app;
