import {severityOf, shareText} from './crash-troubles.ts';
import type {FaultFacts, ServiceFacts} from './facts.ts';
import {compareTroubles, counted, listed, refOf, type Trouble} from './trouble.ts';

type Rejected = {readonly facts: ServiceFacts; readonly found: FaultFacts};

/** Instances that could not be started at all; where that is for want of an image, one trouble for each image. */
export function rejections(all: readonly ServiceFacts[]): Trouble[] {
	const rejected = all.flatMap(facts => {
		const found = facts.faults.get('rejected');
		return found === undefined ? [] : [{facts, found}];
	});
	const isMissing = ({found}: Rejected) => /image|executable/i.test(found.reasons.most ?? '');
	const byImage = Map.groupBy(rejected.filter(isMissing), imageOf);
	return [
		...[...byImage].map(([image, users]) => missingImage(image, users)),
		...rejected.filter(one => !isMissing(one)).map(cannotStart),
	];
}

/** Of several containers the engine names the one whose image it is. */
function imageOf({facts, found}: Rejected): string {
	return /image "([^"]+)"/.exec(found.reasons.most ?? '')?.[1] ?? facts.service.spec.template.image;
}

function missingImage(image: string, users: readonly Rejected[]): Trouble {
	const troubles = users.map(cannotStart).sort(compareTroubles);
	const [first] = troubles as [Trouble, ...Trouble[]];
	const count = users.reduce((sum, {found}) => sum + found.count, 0);
	const names = users.map(({facts}) => facts.service.name).sort();
	return {
		...first,
		id: `image ${image}`,
		title: `Image ${image} is missing`,
		count,
		cause: `${counted(count, 'instance')} of ${listed(names)} cannot start: ${users[0]?.found.reasons.most ?? ''}`,
		remedy: {
			text: `${howToHave(users[0]?.found.reasons.most)}, or give ${names.length === 1 ? names[0] : 'them'} another image.`,
		},
	};
}

/** Only where images are muster's own there is a way to add one. */
function howToHave(reason = ''): string {
	return /pull|no such image/i.test(reason)
		? 'See that its name is right and that the nodes may pull it'
		: 'Add it with muster image add';
}

function cannotStart({facts, found}: Rejected): Trouble {
	const {service} = facts;
	return {
		id: `rejected ${service.id}`,
		severity: severityOf(facts),
		title: `${service.name} cannot be started`,
		about: refOf(service),
		count: found.count,
		cause: `${shareText(found.count, facts)}: ${found.reasons.most ?? 'rejected by its node'}`,
		remedy: {text: 'What stands in the way is on the node or in the image: mend it, or update the service.'},
		jump: {to: 'instances', about: refOf(service)},
	};
}
