/** Takes away a folder that processes which end later may still write into. */
export function removeFolder(path: string): void;
