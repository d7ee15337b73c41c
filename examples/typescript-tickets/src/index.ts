import express from "express";

import { Tickets, newTicket } from "./tickets";

const app = express();
const tickets = new Tickets();

app.use(express.json());
app.get("/health", (_request, response) => response.json({ open: tickets.open().length }));
app.get("/tickets", (_request, response) => response.json(tickets.open()));
app.post("/tickets", (request, response) => {
  const parsed = newTicket.safeParse(request.body);
  if (!parsed.success) {
    return response.status(400).json(parsed.error.issues);
  }
  return response.status(201).json(tickets.add(parsed.data));
});

const port = Number(process.env.PORT ?? 8080);
app.listen(port, () => console.log(`tickets on ${port}`));
