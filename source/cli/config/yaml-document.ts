// A bundle of its own: who has no config file loads no YAML.
export {LineCounter, parseDocument} from 'yaml';
