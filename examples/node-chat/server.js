const http = require("node:http");
const express = require("express");
const helmet = require("helmet");
const { WebSocketServer } = require("ws");
const { Room } = require("./lib/room");

const app = express();
app.use(helmet());
app.use(express.static("public"));

const room = new Room();
const server = http.createServer(app);
new WebSocketServer({ server, path: "/chat" }).on("connection", (socket) => room.enter(socket));
app.get("/health", (request, response) => response.json({ people: room.people.size }));
server.listen(9000, () => console.log("chat on 9000"));
