import type { Route } from '../route.ts';

export const metrics: Route[] = [
  {
    method: 'get',
    path: '/metrics',
    tag: 'Operations',
    access: 'operator',
    summary: 'What all hubs count and hold, for Prometheus',
    description: 'Whoever shows METRICS_TOKEN as a bearer token is let in too.',
    answer: { status: 200, mediaType: 'text/plain', description: 'In Prometheus’ text format.' },
  },
];
