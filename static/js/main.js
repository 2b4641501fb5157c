import { startAutosave } from "./autosave.js";
import { startBoard } from "./board.js";
import { startClocks } from "./clock.js";
import { startCounting } from "./counting.js";
import { startDialogs } from "./dialog.js";
import { startDrafts } from "./drafts.js";
import { startFilters } from "./filters.js";
import { startMenus } from "./menus.js";
import { startNetworks } from "./network.js";
import { startPalette } from "./palette.js";
import { startRows } from "./rows.js";
import { startSession } from "./session.js";
import { startSums } from "./sums.js";
import { startTabs } from "./tabs.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toast.js";
import { startForms } from "./unsaved.js";

for (const start of [startTheme, startMenus, startDialogs, startForms, startDrafts, startAutosave, startCounting, startFilters, startRows, startSums, startBoard, startTabs, startNetworks, startPalette, startClocks, startToasts, startSession]) start();
