import {checkContainers} from './container-laws.ts';

// Its API is docker's, but not in everything: it does not hear the tag of an image that is imported.
checkContainers('podman');
