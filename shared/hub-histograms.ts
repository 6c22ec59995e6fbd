/** From where to where events take how long; docs/operations.md says which of them are between two clocks. */
export const HOP_HISTOGRAMS = [
  'detection_to_bridge_ms',
  'published_to_bridge_ms',
  'bridge_to_edge_ms',
  'edge_to_hub_ms',
  'hub_to_delivery_ms',
  'bridge_to_delivery_ms',
  'detection_to_delivery_ms',
] as const;

/** What a hub measures, in milliseconds: its own work, and the hops. */
export const HUB_HISTOGRAMS = ['append_ms', 'plan_ms', 'flush_ms', ...HOP_HISTOGRAMS] as const;
export type HistogramName = (typeof HUB_HISTOGRAMS)[number];
