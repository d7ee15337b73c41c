const { Room, KEPT } = require("./room");

test("only the last words are kept", () => {
  const room = new Room();
  for (let count = 0; count <= KEPT; count += 1) {
    room.say(String(count));
  }
  expect(room.said).toHaveLength(KEPT);
  expect(room.said[0]).toBe("1");
});
