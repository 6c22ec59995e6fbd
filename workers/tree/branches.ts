import { type Figures, type NodeFigures, type TreeFigures, withoutSessions } from '../core/figures.ts';
import { newReach, type Reach } from '../core/reach.ts';
import type { HubSessions } from '../hub/session-report.ts';
import { answerOf } from '../hubs.ts';
import type { ForwardAnswer, Forwarded } from './messages.ts';

/** What is asked of the node at the top of a branch. */
export interface BranchNode {
  forward(message: Forwarded): Promise<ForwardAnswer>;
  readFigures(): Promise<TreeFigures>;
  readSessions(limit: number): Promise<HubSessions>;
  readReach(seq: number): Promise<Reached | null>;
  drain(windowMs: number): Promise<number>;
}

/** What became of an event at some nodes. */
export type Reached = Reach & { atMs: number | null; live: number; behind: number };

/** A node waits less long for those below it than it is waited for itself. */
const TIMEOUT_MS = { root: 6_000, replica: 3_000 };

interface Branch {
  joining: string;
  isActive: boolean;
  /** Sessions in it, and of the node that has the most, as it said last. */
  sessions: number;
  most: number;
  /** The position at which it had none left; null = that was before this object woke. */
  leftAt: number | null;
  /** As of when it was asked last, or left. */
  figures: Figures | null;
}

/**
 * The branches of a node of a topic's tree: which of them have sessions, so that the others are told nothing, and what
 * all of them have done. Which have is stored: a node that has lost its memory still tells them.
 */
export class Branches {
  readonly #sql: SqlStorage;
  readonly #timeoutMs: number;
  readonly #stubOf: (node: number) => BranchNode;
  /** Calls on one stub arrive in order. */
  readonly #stubs = new Map<number, BranchNode>();
  readonly #branches = new Map<number, Branch>();

  constructor(parts: { sql: SqlStorage; isRoot: boolean; stubOf: (node: number) => BranchNode }) {
    this.#sql = parts.sql;
    this.#timeoutMs = TIMEOUT_MS[parts.isRoot ? 'root' : 'replica'];
    this.#stubOf = parts.stubOf;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS branches (
      node INTEGER PRIMARY KEY, joining TEXT NOT NULL, is_active INTEGER NOT NULL, figures TEXT)`);
    const rows = this.#sql.exec<{ node: number; joining: string; is_active: number; figures: string | null }>(
      'SELECT node, joining, is_active, figures FROM branches',
    );
    for (const { node, joining, is_active, figures } of rows) {
      const told = { sessions: 0, most: 0, leftAt: null };
      this.#branches.set(node, {
        joining,
        isActive: is_active === 1,
        ...told,
        figures: figures && JSON.parse(figures),
      });
    }
  }

  /** Sessions of all nodes below, as they said last. */
  get sessions(): number {
    return this.#active().reduce((sum, [, { sessions }]) => sum + sessions, 0);
  }

  /** Of the node below that has the most. */
  get most(): number {
    return this.#active().reduce((most, [, branch]) => Math.max(most, branch.most), 0);
  }

  /** Nobody below has a session. */
  get areEmpty(): boolean {
    return this.#active().length === 0;
  }

  /** Nobody below has ever had one. */
  get areUnused(): boolean {
    return this.#branches.size === 0;
  }

  /** The node at the top of a branch has a session, or is about to: it is told everything from here on. */
  join(node: number, joining: string): void {
    const known = this.#branches.get(node);
    if (known?.isActive && known.joining === joining) return;
    this.#sql.exec(
      `INSERT INTO branches (node, joining, is_active) VALUES (?1, ?2, 1)
       ON CONFLICT DO UPDATE SET joining = ?2, is_active = 1`,
      node,
      joining,
    );
    const figures = known?.figures ?? null;
    this.#branches.set(node, { joining, isActive: true, sessions: 0, most: 0, leftAt: null, figures });
  }

  /** Tells those that have sessions, in the order of the calls. Never waits. */
  forward(message: Forwarded): void {
    for (const [node] of this.#active()) void this.#forwardTo(node, message);
  }

  /** What each branch has done: of those that give no answer it is what they said last, without sessions. */
  async readFigures(): Promise<{ figures: Figures[]; nodes: NodeFigures }> {
    const nodes = { active: 0, unanswered: 0 };
    const asked = this.#active().map(async ([node, branch]): Promise<Figures[]> => {
      nodes.active++;
      const answer = await answerOf(this.#stub(node).readFigures(), this.#timeoutMs);
      if ('error' in answer) {
        nodes.unanswered++;
        this.#stubs.delete(node);
        return branch.figures ? [withoutSessions(branch.figures)] : [];
      }
      nodes.active += answer.value.nodes.active;
      nodes.unanswered += answer.value.nodes.unanswered;
      branch.figures = answer.value;
      return [answer.value];
    });
    return { figures: [...this.keptFigures(), ...(await Promise.all(asked)).flat()], nodes };
  }

  /** What branches that have no sessions had done. */
  keptFigures(): Figures[] {
    return [...this.#branches.values()].flatMap(({ isActive, figures }) => (isActive || !figures ? [] : [figures]));
  }

  /** The slowest sessions of each branch. */
  async readSessions(limit: number): Promise<HubSessions[]> {
    const answers = await this.#ask(node => node.readSessions(limit));
    return answers.map(answer => ('value' in answer ? answer.value : { total: 0, sessions: [], unanswered: 1 }));
  }

  /** What became of an event in all branches; null when that is not known of one of them. */
  async readReach(seq: number): Promise<Reached | null> {
    // Who left after it may have had somebody whom it was for.
    const mayHaveHad = ({ isActive, leftAt }: Branch) => !isActive && leftAt !== null && leftAt >= seq;
    if ([...this.#branches.values()].some(mayHaveHad)) return null;
    const answers = await this.#ask(node => node.readReach(seq));
    const reached = answers.map(answer => ('value' in answer ? answer.value : null));
    return reached.reduce<Reached | null>((sum, other) => sum && other && addReached(sum, other), NOT_REACHED);
  }

  /** @returns how many sessions were sent away; throws when a branch gives no answer */
  async drain(windowMs: number): Promise<number> {
    const answers = await this.#ask(node => node.drain(windowMs));
    const failed = answers.find(answer => 'error' in answer);
    if (failed) throw new Error(failed.error);
    return answers.reduce((sum, answer) => sum + ('value' in answer ? answer.value : 0), 0);
  }

  #active(): [number, Branch][] {
    return [...this.#branches].filter(([, { isActive }]) => isActive);
  }

  #ask<T>(call: (node: BranchNode) => Promise<T>): Promise<({ value: T } | { error: string })[]> {
    return Promise.all(this.#active().map(([node]) => answerOf(call(this.#stub(node)), this.#timeoutMs)));
  }

  async #forwardTo(node: number, message: Forwarded): Promise<void> {
    try {
      this.#note(node, await this.#stub(node).forward(message), message.head);
    } catch (error) {
      console.error(`node ${node} was not reached`, error);
      this.#stubs.delete(node);
      await this.#tellOfMissed(node, message);
    }
  }

  /** What it has missed it reads from the tape itself, once it knows; should this fail too, with the next heartbeat. */
  async #tellOfMissed(node: number, { rows: _, ...message }: Forwarded): Promise<void> {
    try {
      const answer = await this.#stub(node).forward({ ...message, after: message.head, rows: [] });
      this.#note(node, answer, message.head);
    } catch {
      this.#stubs.delete(node);
    }
  }

  #note(node: number, { sessions, most, left }: ForwardAnswer, head: number): void {
    const branch = this.#branches.get(node)!;
    branch.sessions = sessions;
    branch.most = most;
    // It may have joined again since.
    if (!left || left.joining !== branch.joining || !branch.isActive) return;
    branch.isActive = false;
    branch.leftAt = head;
    branch.figures = withoutSessions(left.figures);
    this.#sql.exec(
      'UPDATE branches SET is_active = 0, figures = ? WHERE node = ?',
      JSON.stringify(branch.figures),
      node,
    );
  }

  #stub(node: number): BranchNode {
    let stub = this.#stubs.get(node);
    if (!stub) {
      stub = this.#stubOf(node);
      this.#stubs.set(node, stub);
    }
    return stub;
  }
}

export const NOT_REACHED: Reached = { ...newReach(), atMs: null, live: 0, behind: 0 };

export function addReached(a: Reached, b: Reached): Reached {
  return {
    atMs: a.atMs === null || b.atMs === null ? (a.atMs ?? b.atMs) : Math.max(a.atMs, b.atMs),
    live: a.live + b.live,
    behind: a.behind + b.behind,
    matched: a.matched + b.matched,
    rate_limited: a.rate_limited + b.rate_limited,
    skipped: a.skipped + b.skipped,
    closed: a.closed + b.closed,
  };
}
