// Take webhooks and believe only what is signed: WEBHOOK_SECRET=whsec_… node webhook.js PORT
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const secret = new Webhook(process.env.WEBHOOK_SECRET);
const seen = new Set(); // keep these for four days; every retry has the same webhook-id

createServer(async (request, response) => {
  const chunks = await request.toArray();
  let event;
  try {
    event = secret.verify(Buffer.concat(chunks), request.headers); // as it came, not parsed
  } catch {
    return response.writeHead(401).end();
  }
  response.writeHead(200).end(); // at once; the work comes after
  const id = request.headers["webhook-id"];
  if (seen.has(id)) return;
  seen.add(id);
  console.log(event.type, event.incident_id ?? event.id);
}).listen(Number(process.argv[2]), "127.0.0.1");
