import { fillTape } from './reads.ts';
import {
  type OurSystem,
  type System,
  type SystemName,
  startFloor,
  startOurs,
  startPartyServer,
  startSocketIo,
  startWs,
} from './systems.ts';

/** The systems of a run: each is started when it is first asked for, and stays. */
export class Rig {
  readonly #fillsTape: boolean;
  readonly #systems = new Map<SystemName, System>();
  #ours: OurSystem | null = null;
  #filled = Promise.resolve();

  /** @param fillsTape so that reads find something */
  constructor({ fillsTape }: { fillsTape: boolean }) {
    this.#fillsTape = fillsTape;
  }

  async ours(): Promise<OurSystem> {
    if (this.#ours) return this.#ours;
    this.#ours = await startOurs();
    this.#systems.set('ours', this.#ours);
    // While the others start; nobody is connected yet, who would be sent all of it.
    if (this.#fillsTape) this.#filled = fillTape(this.#ours.stack);
    return this.#ours;
  }

  /** These systems with so many sessions each, or more. */
  async with(names: readonly SystemName[], sessions: number): Promise<System[]> {
    const systems: System[] = [];
    for (const name of names) systems.push(await this.#start(name));
    await this.#filled;
    for (const { load } of systems) if (load.sessions < sessions) await load.connect(sessions);
    return systems;
  }

  /** Ends one that is not needed any more. */
  async drop(name: SystemName): Promise<void> {
    await this.#systems.get(name)?.stop();
    this.#systems.delete(name);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#systems.values()].map(system => system.stop()));
  }

  async #start(name: SystemName): Promise<System> {
    const started = this.#systems.get(name) ?? (await this.#starter(name));
    this.#systems.set(name, started);
    return started;
  }

  #starter(name: SystemName): Promise<System> {
    switch (name) {
      case 'ours':
        return this.ours();
      case 'Socket.IO':
        return startSocketIo();
      case 'PartyServer':
        return startPartyServer();
      case 'ws':
        return startWs();
      case 'floor':
        return startFloor();
    }
  }
}
