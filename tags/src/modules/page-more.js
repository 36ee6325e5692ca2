/** Every part of an address, and what may be left out of it; part of containers with a variable that asks for such. */
import { part } from "../address.js";
import { urlPart } from "../urls.js";

export default () => {
  part.of = urlPart;
};
