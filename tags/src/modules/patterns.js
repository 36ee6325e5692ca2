/**
 * Matches what a browser's own matcher could run for ever on: part of a container with such a pattern. The compiler has
 * cut it into steps (`data.X`). A text is a pattern of its own, for one character or for none; a number goes on with the
 * next step and at that one too; a negative number n goes on at step -1 - n. Which step was tried at which character is
 * kept, so that nothing is tried twice: the time is bounded by steps times characters. Whether a text matches does not
 * depend on the order of tries.
 */

/** @param {(string | number)[]} program @param {string} flags */
const matcher = (program, flags) => {
  const steps = program.map((step) => typeof step == "string" ? new RegExp(step, "y" + flags) : step);
  const width = steps.length + 1;
  return (/** @type {string} */ text) => {
    const tried = new Uint8Array(width * (text.length + 1));
    const waiting = [];
    for (let start = 0; start <= text.length; start++) {
      waiting.push(start * width);
      while (waiting.length) {
        let state = /** @type {number} */ (waiting.pop());
        while (!tried[state]) {
          tried[state] = 1;
          const place = state % width;
          const step = steps[place];
          if (step === undefined) return true;
          const row = state - place;
          if (typeof step == "number") {
            if (step < 0) state = row - 1 - step;
            else {
              waiting.push(row + step);
              state++;
            }
            continue;
          }
          step.lastIndex = row / width;
          if (!step.test(text)) break;
          state = step.lastIndex * width + place + 1;
        }
      }
    }
    return false;
  };
};

/** @param {import("../types.js").Runtime} runtime */
export default (runtime) => {
  const { expression } = runtime;
  const programs = new Map(runtime.data.X);
  /** @type {Map<string, {test: (text: string) => boolean}>} */
  const made = new Map();
  runtime.expression = (source, flags) => {
    const program = programs.get(source);
    if (!program) return expression(source, flags);
    const found = made.get(flags + source) || { test: matcher(program, flags) };
    made.set(flags + source, found);
    return found;
  };
};
