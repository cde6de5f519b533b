import type {Instant} from '../../core/model/index.ts';
import type {Column} from './columns.ts';

type Aged = {readonly createdAt: Instant};

/** How long ago something came to be; upwards, the youngest are first. */
export function ageColumn<R extends Aged>(priority: number): Column<R> {
	return {
		title: 'AGE',
		letter: 'a',
		priority,
		min: 4,
		max: 5,
		align: 'right',
		cell: ({createdAt}, {ages}) => ages.of(createdAt),
		sortBy: ({createdAt}) => -createdAt,
	};
}
