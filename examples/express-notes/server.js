const express = require("express");
const morgan = require("morgan");
const notes = require("./routes/notes");

const app = express();
app.use(morgan("tiny"));
app.use(express.json());
app.use("/notes", notes);
app.get("/health", (request, response) => response.json({ ok: true }));

const port = process.env.PORT || 3000;
app.listen(port, () => console.log(`listening on ${port}`));
