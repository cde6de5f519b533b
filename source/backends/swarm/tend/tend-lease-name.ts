/** The config that says who tends the swarm: muster's own, and none of a user's. */
export const leaseName = 'muster.lease';
