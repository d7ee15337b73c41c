const assert = require("node:assert");
const test = require("node:test");

test("the router can be loaded", () => {
  assert.equal(typeof require("../routes/notes"), "function");
});
