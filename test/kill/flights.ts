/** A command from when it was asked to when it was answered. */
export type Flight = {
	readonly about: string;
	readonly says: string;
	/** What others said about the same while this was under way. */
	readonly others: Set<string>;
};

/** Commands under way. Of two about the same thing the one that is answered last need not be the one that was done last. */
export class Flights {
	readonly #flights = new Set<Flight>();

	start(about: string, says = ''): Flight {
		const met = [...this.#flights].filter(flight => flight.about === about);
		const flight: Flight = {about, says, others: new Set(met.map(other => other.says))};
		for (const other of met) other.others.add(says);
		this.#flights.add(flight);
		return flight;
	}

	end(flight: Flight): void {
		this.#flights.delete(flight);
	}
}
