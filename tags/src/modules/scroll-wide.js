/** Depths from left to right beside those of `scroll`; part of every container with a trigger that asks for them. */
import { measures } from "./scroll.js";

export default () => {
  measures.horizontal = (page) => [Math.ceil(Math.abs(page.scrollLeft)) + page.clientWidth, page.scrollWidth];
};
