/** What writes and reads YAML; loaded on use. `parse` throws an error whose message names the line. */
export type Yaml = {stringify(value: unknown): string; parse(text: string): unknown};
