import { z } from "zod";

export const newTicket = z.object({
  title: z.string().min(1).max(120),
  urgent: z.boolean().default(false),
});

export type Ticket = z.infer<typeof newTicket> & { id: number; closed: boolean };

export class Tickets {
  private readonly all: Ticket[] = [];

  add(wanted: z.infer<typeof newTicket>): Ticket {
    const ticket = { ...wanted, id: this.all.length + 1, closed: false };
    this.all.push(ticket);
    return ticket;
  }

  open(): Ticket[] {
    return this.all.filter((ticket) => !ticket.closed);
  }
}
