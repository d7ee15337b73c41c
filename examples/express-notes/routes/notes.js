const { Router } = require("express");

const notes = new Map();
let next = 1;
const router = Router();

router.get("/", (request, response) => {
  response.json([...notes.values()]);
});

router.post("/", (request, response) => {
  const note = { id: next++, text: String(request.body.text || "") };
  notes.set(note.id, note);
  response.status(201).json(note);
});

router.delete("/:id", (request, response) => {
  response.sendStatus(notes.delete(Number(request.params.id)) ? 204 : 404);
});

module.exports = router;
