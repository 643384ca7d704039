import { CredentialError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { MAX_TIMER_MS, withDeadline } from './deadline.ts';
import { covers, unionOfDemands } from './demand.ts';
import { Flight } from './flight.ts';
import type { Demand, RenewalReason, Token } from './token.ts';

export interface FlightsOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** The deadline of a request that carries a refresh token which is good for once. */
  readonly singleUseMs: number;
  /** What the waiters hear when the deadline passes. */
  readonly late: (flight: Flight) => Error;
  readonly run: (flight: Flight, signal: AbortSignal) => Promise<Token>;
  readonly succeed: (flight: Flight, token: Token) => void;
  readonly fail: (flight: Flight, error: unknown) => void;
  /** A flight is dead by the clock: what it holds is taken from it. */
  readonly abandoned: (flight: Flight) => void;
  /** Keeps the caller's runtime from ending with its request. */
  readonly waitUntil: ((work: Promise<unknown>) => unknown) | undefined;
}

/** A flight counts as dead this long after its deadline, in milliseconds: its timers may just be slow. */
const GRACE_MS = 1000;

/** Lets one renewal run at a time. Whoever needs more than the running one brings shares the one after it. */
export class Flights {
  readonly #options: FlightsOptions;
  #running: Flight | undefined;
  #queued: Flight | undefined;

  constructor(options: FlightsOptions) {
    this.#options = options;
  }

  /**
   * The flight under way. One whose deadline has passed unnoticed is dead: some runtimes cancel timers and I/O with the
   * request that began them.
   */
  get running(): Flight | undefined {
    const running = this.#running;
    if (running !== undefined && this.#leftMs(running) <= 0) this.#abandon(running);
    return this.#running;
  }

  create(reason: RenewalReason, demand: Demand | undefined, unwanted?: Token): Flight {
    return new Flight(reason, demand, unwanted, (flight) => this.#follow(flight));
  }

  /** The flight under way if it brings what is demanded, else the next one, which then brings the union of both. */
  board(running: Flight, reason: RenewalReason, demand: Demand | undefined): Flight {
    if (covers(running.demand, demand)) return running;
    this.#queued ??= this.create(reason, running.demand);
    this.#queued.demand = unionOfDemands(this.#queued.demand, demand);
    return this.#queued;
  }

  /** Detached from every caller: the deadline ends it, nobody's signal does. */
  launch(flight: Flight): Flight {
    const { clock, run, succeed, fail, waitUntil } = this.#options;
    this.#running = flight;
    flight.startedAt = clock.monotonic();
    const { controller } = flight;
    this.#limit(flight, run(flight, controller.signal)).then(
      (token) => flight.abandoned || succeed(flight, token),
      (error: unknown) => {
        if (flight.abandoned) return;
        if (flight.overtaken === 'set') this.#relaunch(flight);
        else fail(flight, error);
      },
    );
    if (waitUntil !== undefined) {
      const over = flight.promise.catch(() => undefined);
      try {
        waitUntil(over);
      } catch {
        // There may be no request to prolong.
      }
    }
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
  overtake(overtaken: 'set' | 'cleared', error: Error = overtakenError(overtaken)): void {
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

  /** Ends the flight at its deadline, which is another one while a request must not be cut. */
  #limit(flight: Flight, work: Promise<Token>): Promise<Token> {
    const { deadlineMs, singleUseMs, late } = this.#options;
    const { controller } = flight;
    const begin = {
      ms: deadlineMs,
      controller,
      late: () => late(flight),
      extraMs: () => (flight.singleUse ? singleUseMs - deadlineMs : 0),
    };
    return withDeadline(begin, () => work);
  }

  #leftMs({ startedAt, singleUse }: Flight): number {
    const { clock, deadlineMs, singleUseMs } = this.#options;
    const lifeMs = singleUse ? Math.max(singleUseMs, deadlineMs) : deadlineMs;
    return startedAt + lifeMs + GRACE_MS - clock.monotonic();
  }

  /** Given up, or to be given up now. */
  #isDead(flight: Flight): boolean {
    if (!flight.abandoned && this.#running === flight && this.#leftMs(flight) <= 0) this.#abandon(flight);
    return flight.abandoned;
  }

  #abandon(flight: Flight): void {
    const { abandoned, late } = this.#options;
    flight.abandoned = true;
    this.#running = undefined;
    abandoned(flight);
    const error = late(flight);
    try {
      flight.controller.abort(error);
    } catch {
      // Workers throw: the request belongs to another one, and has ended with it.
    }
    flight.reject(error);
    const next = this.#queued;
    this.#queued = undefined;
    if (next !== undefined) this.launch(next);
  }

  /**
   * Waits for a flight with a deadline and a timer of the caller's own, which keeps the process alive as long as somebody
   * waits. A flight that turns out dead is replaced.
   */
  #follow(first: Flight): Promise<Token> {
    const { deadlineMs, late } = this.#options;
    return new Promise((resolve, reject) => {
      let flight = first;
      let leftMs = deadlineMs;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const arm = () => {
        const untilDead = flight.startedAt === 0 ? leftMs : Math.max(GRACE_MS / 10, this.#leftMs(flight));
        const ms = Math.min(leftMs, untilDead, MAX_TIMER_MS);
        timer = setTimeout(() => {
          leftMs -= ms;
          if (leftMs <= 0) reject(late(flight));
          else if (this.#isDead(flight)) attend(this.running ?? this.launch(this.#likeness(flight)));
          else arm();
        }, ms);
      };
      const attend = (joined: Flight) => {
        flight = joined;
        const over = () => {
          // The next flight has a timer of its own.
          if (flight === joined) clearTimeout(timer);
        };
        joined.promise.then(
          (token) => {
            over();
            resolve(token);
          },
          (error: unknown) => {
            over();
            // The first caller that finds it dead starts another one for all of them.
            if (!joined.abandoned) reject(error);
            else if (flight === joined) attend(this.running ?? this.launch(this.#likeness(joined)));
          },
        );
        arm();
      };
      attend(first);
    });
  }

  #likeness({ reason, demand, unwanted }: Flight): Flight {
    return this.create(reason, demand, unwanted);
  }
}

function overtakenError(overtaken: 'set' | 'cleared'): CredentialError {
  return new CredentialError(`The token was ${overtaken} while it was being renewed.`);
}
