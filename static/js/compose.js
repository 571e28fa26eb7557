// The composer beyond plain HTML. Each part finds its elements anew at each event, so swaps do no harm.
import "./traffic.js";
import "./counting.js";
import "./rows.js";
import "./unsaved.js";
import "./autosave.js";
import "./mask.js";
import "./picker.js";
import "./filling.js";
import { offer } from "./returned.js";

offer();
