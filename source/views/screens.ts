import {autoscalersScreen} from './autoscalers/screen.ts';
import {changesScreen} from './changes/screen.ts';
import {configsScreen} from './configs/screen.ts';
import {contextsScreen} from './contexts/screen.ts';
import {controlPlaneScreen} from './control-plane/screen.ts';
import {createDescribeScreen} from './describe/screen.ts';
import {eventsScreen} from './events/screen.ts';
import {explainScreen} from './explain/screen.ts';
import {fleetScreen} from './fleet/screen.ts';
import {forwardsScreen} from './forwards/screen.ts';
import {helpScreen} from './help/screen.ts';
import {historyScreen} from './history/screen.ts';
import {imagesScreen} from './images/screen.ts';
import {instancesScreen} from './instances/screen.ts';
import {createLogsScreen} from './logs/screen.ts';
import {mapScreen} from './map/screen.ts';
import {networksScreen} from './networks/screen.ts';
import {nodesScreen} from './nodes/screen.ts';
import {poolsScreen} from './pools/screen.ts';
import {pulseScreen} from './pulse/screen.ts';
import {resourcesScreen} from './resources/screen.ts';
import type {Screen} from './screen.ts';
import {secretsScreen} from './secrets/screen.ts';
import {servicesScreen} from './services/screen.ts';
import {stacksScreen} from './stacks/screen.ts';
import {tendingScreen} from './tending/screen.ts';
import {treeScreen} from './tree/screen.ts';
import {troublesScreen} from './troubles/screen.ts';
import {volumesScreen} from './volumes/screen.ts';
import {createYamlScreen} from './yaml/screen.ts';

/** Every screen; the first one is where the dashboard opens. */
export function allScreens(): readonly Screen[] {
	return [
		servicesScreen as Screen,
		instancesScreen as Screen,
		nodesScreen as Screen,
		poolsScreen as Screen,
		eventsScreen as Screen,
		imagesScreen as Screen,
		networksScreen as Screen,
		volumesScreen as Screen,
		configsScreen as Screen,
		secretsScreen as Screen,
		autoscalersScreen as Screen,
		stacksScreen,
		contextsScreen,
		fleetScreen,
		pulseScreen,
		mapScreen,
		troublesScreen,
		treeScreen,
		forwardsScreen,
		changesScreen,
		controlPlaneScreen,
		tendingScreen,
		historyScreen,
		createLogsScreen(),
		createDescribeScreen(),
		createYamlScreen(),
		explainScreen,
		resourcesScreen,
		helpScreen,
	];
}
