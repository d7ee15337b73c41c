const KEPT = 50;

/** The people who talk, and what was said last. */
class Room {
  constructor() {
    this.people = new Set();
    this.said = [];
  }

  enter(socket) {
    this.people.add(socket);
    this.said.forEach((words) => socket.send(words));
    socket.on("message", (words) => this.say(String(words)));
    socket.on("close", () => this.people.delete(socket));
  }

  say(words) {
    this.said = [...this.said, words].slice(-KEPT);
    this.people.forEach((socket) => socket.send(words));
  }
}

module.exports = { Room, KEPT };
