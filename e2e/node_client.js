// Node's `ws` as another program's client: writes the agreed extensions, then every message, one line of JSON each.
//
//   node node_client.js ws://127.0.0.1:8000/ws

const WebSocket = require('ws');

const socket = new WebSocket(process.argv[2], { perMessageDeflate: true });
socket.on('open', () => write({ extensions: socket.extensions }));
socket.on('message', (data) => write(JSON.parse(String(data))));
socket.on('close', (code) => end(`closed with ${code}`));
socket.on('error', (error) => end(error.message));

function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function end(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
