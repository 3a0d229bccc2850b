// Takes away a folder that processes which end later may still write into.
import { existsSync, renameSync, rmSync } from 'node:fs';

/** Under another name first: whoever writes by the old one finds nothing, and nothing comes into what is being emptied. */
export function removeFolder(path) {
  const gone = `${path}-gone`;
  rmSync(gone, { recursive: true, force: true });
  if (!existsSync(path)) return;
  renameSync(path, gone);
  rmSync(gone, { recursive: true, force: true });
}
