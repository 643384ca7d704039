import { CredentialError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { covers, unionOfDemands } from './demand.ts';
import { Flight } from './flight.ts';
import type { Demand, RenewalReason, Token } from './token.ts';

export interface FlightsOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** What the waiters hear when the deadline passes. */
  readonly late: (flight: Flight) => Error;
  readonly run: (flight: Flight, signal: AbortSignal) => Promise<Token>;
  readonly succeed: (flight: Flight, token: Token) => void;
  readonly fail: (flight: Flight, error: unknown) => void;
}

/** Lets one renewal run at a time. Whoever needs more than the running one brings shares the one after it. */
export class Flights {
  readonly #options: FlightsOptions;
  #running: Flight | undefined;
  #queued: Flight | undefined;

  constructor(options: FlightsOptions) {
    this.#options = options;
  }

  get running(): Flight | undefined {
    return this.#running;
  }

  /** The flight under way if it brings what is demanded, else the next one, which then brings the union of both. */
  board(running: Flight, reason: RenewalReason, demand: Demand | undefined): Flight {
    if (covers(running.demand, demand)) return running;
    this.#queued ??= new Flight(reason, running.demand, undefined);
    this.#queued.demand = unionOfDemands(this.#queued.demand, demand);
    return this.#queued;
  }

  /** Detached from every caller: the deadline ends it, nobody's signal does. */
  launch(flight: Flight): Flight {
    const { clock, deadlineMs, late, run, succeed, fail } = this.#options;
    this.#running = flight;
    flight.startedAt = clock.monotonic();
    const deadline = { ms: deadlineMs, controller: flight.controller, late: () => late(flight) };
    withDeadline(deadline, (signal) => run(flight, signal)).then(
      (token) => succeed(flight, token),
      (error: unknown) => (flight.overtaken === 'set' ? this.#relaunch(flight) : fail(flight, error)),
    );
    return flight;
  }

  /** Makes room for the next flight. */
  land(): void {
    const next = this.#queued;
    this.#running = undefined;
    this.#queued = undefined;
    if (next !== undefined) this.launch(next);
  }

  /** Ends what is under way: after `'set'` the waiters get the token that was set, after `'cleared'` none. */
  overtake(overtaken: 'set' | 'cleared'): void {
    const error = new CredentialError(`The token was ${overtaken} while it was being renewed.`);
    if (overtaken === 'cleared') {
      this.#queued?.reject(error);
      this.#queued = undefined;
    }
    if (this.#running === undefined) return;
    this.#running.overtaken = overtaken;
    this.#running.controller.abort(error);
  }

  #relaunch(flight: Flight): void {
    flight.overtaken = undefined;
    flight.controller = new AbortController();
    this.launch(flight);
  }
}
