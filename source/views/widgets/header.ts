import {kinds} from '../../core/model/index.ts';
import {wholeCapacity} from '../../core/pulse/pulse.ts';
import {displayWidth, shorten, stripControl} from '../../core/text/text.ts';
import {formatCount} from '../../core/text/units.ts';
import {spaced, waitedFor} from '../live/waiting.ts';
import {namespacesText} from '../navigation/namespaces.ts';
import type {Ui} from '../ui.ts';
import {usedCpus, type World} from '../world.ts';
import {type Span, safe, spansWidth, spreadSpans} from './line.ts';
import {sparkline} from './meter.ts';

/** ` muster  local ● live    3 nodes    118/123 healthy    cpu ▂▃▅▃ 41 %        services`; figures give way to crumbs. */
export function headerLine(ui: Ui): string {
	const {columns} = ui.state.size;
	const left = startSpans(ui);
	const right: Span[] = [{role: 'title', text: `${shownCrumbs(ui, left).join(between)} `}];
	for (const figure of figures(ui)) {
		const more: Span[] = [apart, ...figure];
		if (spansWidth([...left, ...more, ...right]) >= columns) {
			break;
		}

		left.push(...more);
	}

	return spreadSpans(left.map(safe), right.map(safe), columns, ui.theme);
}

function startSpans(ui: Ui): Span[] {
	return [{role: 'title', text: ' muster'}, `  ${ui.executor.backend.name} `, ...connection(ui), ...mistake(ui)];
}

/** A config file that cannot be read is not forgotten with its message. */
function mistake(ui: Ui): readonly Span[] {
	return ui.mistake === undefined ? [] : [' ', {role: 'bad', text: '✗ config'}];
}

function connection(ui: Ui): readonly Span[] {
	const connected = ui.collections.connection();
	switch (connected.state) {
		case 'live':
			ui.context.ages.again(ui.collections.silentInMs());
			return [{role: 'good', text: '●'}, ' live'];
		case 'loading':
			return [
				{role: 'busy', text: '◌'},
				` ${[waitingFor(ui), waitedFor(ui, connected.since)].filter(Boolean).join(' ')}`,
			];
		case 'stale':
			return [{role: 'warning', text: `○ stale ${spaced(ui.context.ages.of(connected.since))}`}];
		case 'lost':
			return [{role: 'bad', text: `✗ lost ${spaced(ui.context.ages.of(connected.since))}`}];
	}
}

/** Nothing was read yet, or all but something. */
function waitingFor({collections}: Ui): string {
	const unread = collections.unread(kinds);
	return unread === undefined || collections.unread(['service']) !== undefined
		? 'connecting'
		: `no ${unread.kind}s yet`;
}

function figures(ui: Ui): ReadonlyArray<readonly Span[]> {
	const {world} = ui;
	const {services, nodes} = world;
	if (nodes.length === 0 && services.length === 0) {
		return [namespace(ui)].filter(figure => figure.length > 0);
	}

	const down = nodes.filter(({status}) => status.state === 'down').length;
	const lasting = services.filter(({spec}) => spec.mode !== 'job');
	const healthy = lasting.reduce((sum, {status}) => sum + status.healthy, 0);
	const desired = lasting.reduce((sum, {status}) => sum + status.desired, 0);
	const nodeText = `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`;
	const used = usedCpus(nodes);
	const whole = wholeCapacity(nodes).cpus;
	return [
		namespace(ui),
		nodes.length === 0 ? [] : down === 0 ? [nodeText] : [`${nodeText}, `, {role: 'bad', text: `${down} down`}],
		managers(world),
		desired === 0 ? [] : [{role: healthy < desired ? 'warning' : 'plain', text: `${healthy}/${desired} healthy`}],
		used === undefined || whole === 0
			? []
			: [`cpu ${sparkline(world.cpuHistory(''), 4, whole)} ${Math.round((used / whole) * 100)} %`],
		requests(world),
		asked(ui),
	].filter(figure => figure.length > 0) as ReadonlyArray<readonly Span[]>;
}

/** `ns shop`; where there is room, with the digits that the others are chosen by. */
function namespace(ui: Ui): readonly Span[] {
	const {namespaces} = ui.executor.backend.facets;
	if (namespaces === undefined) return [];
	const {current = 'all'} = namespaces;
	const others = ui.state.size.columns < roomyColumns ? '' : `  ${namespacesText(ui)}`;
	return [`ns ${current}`, {role: 'dim', text: others}];
}

const roomyColumns = 150;

/** `2/3 managers`: only where one is missed; half of them are too few. */
function managers({nodes}: World): readonly Span[] {
	const all = nodes.flatMap(({manager}) => (manager === undefined ? [] : [manager]));
	const reachable = all.filter(({isReachable}) => isReachable).length;
	if (reachable === all.length) return [];
	return [{role: reachable * 2 > all.length ? 'warning' : 'bad', text: `${reachable}/${all.length} managers`}];
}

/** `req/s ▁▂▆█ 1.2k`; where nobody counts them, nothing. */
function requests({serviceUsage, trends, now}: World): readonly Span[] {
	let sum: number | undefined;
	for (const {requestsPerSecond} of serviceUsage.values()) {
		sum = requestsPerSecond === undefined ? sum : (sum ?? 0) + requestsPerSecond;
	}

	const history = trends.of('requestsPerSecond', now, 'minutes').slice(-4);
	return sum === undefined ? [] : [`req/s ${sparkline(history, 4)} ${formatCount(sum)}`];
}

/** `6 calls/min`: what looking at the cluster costs its control plane. */
function asked({executor, context}: Ui): readonly Span[] {
	const {facets} = executor.backend;
	if (facets.requestRate === undefined) return [];
	context.ages.again(askedAgainMs);
	return [`${formatCount(facets.requestRate())} calls/min`];
}

const askedAgainMs = 5000;

const between = ' › ';

/** `services › web instances`; where it is too long, its end, of whose name the middle gives way to what is left of it. */
function shownCrumbs({state: {places, size}}: Ui, start: readonly Span[]): readonly string[] {
	const columns = crumbColumns(size.columns);
	const crumbs = places.map(({screen, about}) =>
		stripControl(about === undefined ? screen : screen === 'resources' ? about.name : `${about.name} ${screen}`),
	);
	const last = places.at(-1);
	const room = Math.max(leastCrumbColumns, size.columns - spansWidth(start) - apart.length - 1);
	if (last?.about !== undefined && displayWidth(crumbs.at(-1) ?? '') > room) {
		const screen = last.screen === 'resources' ? '' : ` ${last.screen}`;
		crumbs[crumbs.length - 1] = shorten(stripControl(last.about.name), room - displayWidth(screen)) + screen;
	}

	let first = crumbs.length - 1;
	let width = displayWidth(crumbs[first] ?? '');
	while (first > 0 && width + between.length + displayWidth(crumbs[first - 1] ?? '') <= columns) {
		first--;
		width += between.length + displayWidth(crumbs[first] ?? '');
	}

	return crumbs.slice(first);
}

/** Between what stands at the left and the crumbs. */
const apart = '    ';
const leastCrumbColumns = 16;

function crumbColumns(columns: number): number {
	return Math.max(leastCrumbColumns, Math.floor(columns / 2.6));
}

/** Which of all crumbs stands in a column. */
export function crumbAt(ui: Ui, column: number): number | undefined {
	const {state} = ui;
	const shown = shownCrumbs(ui, startSpans(ui));
	let from = state.size.columns - 1 - displayWidth(shown.join(between));
	for (const [index, crumb] of shown.entries()) {
		const to = from + displayWidth(crumb);
		if (column >= from && column < to) {
			return state.places.length - shown.length + index;
		}

		from = to + between.length;
	}

	return undefined;
}
