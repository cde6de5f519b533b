/** JSON for the API server, under construction. */
export type Json = {[name: string]: unknown};
