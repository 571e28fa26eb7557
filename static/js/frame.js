// What every page may need. Each listens on the document, so it goes on working after a swap.
import "./theme.js";
import "./copy.js";
import "./summary.js";
import "./poll.js";
import "./zone.js";
import "./door.js";
import "./keys.js";
import "./places.js";
