// Node's part of check-javascript-syntax: requests and answers are files of JSON lines. It goes on from a line, as this
// Node aborts on some broken scripts.
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const source = fs.readFileSync(path.join(__dirname, "../../tags/src/modules/patterns.js"), "utf8");
const patterns = vm.runInThisContext(source.replace("export default", "module ="));

const values = ["X'\"\\${`</script>", { n: 7 }, undefined];

function resolver(place) {
  return values[place];
}
resolver.s = (place) => String(values[place]);

/** Runs a compiled function in a page of its own, and gives an expression's value in it. */
function run(request) {
  const page = vm.createContext(Object.assign({}, request.globals));
  vm.runInContext("var window = this", page);
  const compiled = vm.runInContext(`(${request.function})`, page);
  page.RESULT = compiled.call(vm.runInContext("this", page), resolver);
  return vm.runInContext(request.expression, page);
}

const answers = {
  script(request) {
    new vm.Script(request.text);
  },
  function(request) {
    for (const [before, after] of ["()", "[]"]) new vm.Script(`${before}\n${request.text}\n${after}`);
  },
  regex(request) {
    new RegExp(request.text);
  },
  /** The text is one function, whole: what stands between brackets and commas is what was sent. */
  whole(request) {
    const list = vm.runInNewContext(`[${request.function},\n${request.function}]`);
    if (list.length !== 2 || list.some((each) => String(each) !== request.function)) throw new SyntaxError("not one");
  },
  run,
  /** The texts that the runtime's matcher and this one's do not agree on. */
  program(request) {
    return ["", "i"].flatMap((flags) => {
      const runtime = { data: { X: [[request.text, request.steps]] }, expression: () => null };
      patterns(runtime);
      const [ours, theirs] = [runtime.expression(request.text, flags), new RegExp(request.text, flags)];
      return request.texts.filter((text) => ours.test(text) !== theirs.test(text)).map((text) => [flags, text]);
    });
  },
  /** Whether the runtime's matcher finds a pattern in each text. */
  matches(request) {
    const runtime = { data: { X: [[request.text, request.steps]] }, expression: () => null };
    patterns(runtime);
    return request.texts.map((text) => runtime.expression(request.text, "").test(text));
  },
  /** The slowest of some texts, in milliseconds. */
  time(request) {
    const pattern = new RegExp(request.text);
    let worst = 0;
    for (const unit of ["a", "b", "ab", "aab", "abb", "aaab", "c"]) {
      for (const end of ["!", "c", ""]) {
        const text = unit.repeat(20).slice(0, 20) + end;
        let best = Infinity;
        for (let round = 0; round < 3; round++) {
          const start = process.hrtime.bigint();
          pattern.test(text);
          best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
        }
        worst = Math.max(worst, best);
      }
    }
    return worst;
  },
};

const [input, output, from] = process.argv.slice(2);
const file = fs.openSync(output, from === "0" ? "w" : "a");
for (const line of fs.readFileSync(input, "utf8").split("\n").filter(Boolean).slice(Number(from))) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = { ok: true, value: answers[request.kind](request) };
  } catch (error) {
    answer = { ok: false, problem: String(error) };
  }
  fs.writeSync(file, JSON.stringify(answer) + "\n");
}
