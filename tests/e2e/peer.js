// Node's peers: `node peer.js NAME ARGUMENTS`; a server says its port on a line of its own, a client "ok".
'use strict';
const fs = require('fs');
const http = require('http');
const http2 = require('http2');
const net = require('net');
const tls = require('tls');
const zlib = require('zlib');
module.paths.push('/usr/share/nodejs');		// Debian's node-ws, whichever node this is

const collect = stream => new Promise((done, failed) => {
	const pieces = [];
	stream.on('data', d => pieces.push(d)).on('error', failed).on('end', () => done(Buffer.concat(pieces)));
});
const fail = e => { console.log(`failed: ${e && e.stack || e}`); process.exit(1); };
const listening = server => server.listen(0, '127.0.0.1', () => console.log(server.address().port));

const pages = {
	'/big': (q, s) => s.end(Buffer.alloc(+q.url.split('=')[1] || 300000, 'b')),
	'/early': (q, s) => s.end('early'),		// and the request's body is never read
	'/hints': (q, s) => { s.writeEarlyHints({ link: '</style.css>; rel=preload' }); s.end('hinted'); },
	'/reset': (q, s) => s.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR),
	'/leave': (q, s) => { s.end('leaving'); s.stream.session.close(); },
	'/echo': async (q, s) => {
		s.setHeader('trailer', 'x-sum');
		const body = await collect(q);
		s.write(body);
		s.addTrailers({ 'x-sum': String(body.length), 'x-sent': q.trailers['x-sent'] || 'none' });
		s.end();
	},
};
const page = (q, s) => {
	q.on('error', () => {});
	s.on('error', () => {});
	const found = pages[q.url.split('?')[0]];
	if (found)
		return found(q, s);
	s.setHeader('content-type', 'text/plain');
	s.end(`hello ${q.url} ${q.httpVersion} ${q.headers.cookie || ''}`);
};

const programs = {
	// HTTP/2 and HTTP/1.1 by ALPN
	h2server: (cert, key) => listening(http2.createSecureServer(
		{ cert: fs.readFileSync(cert), key: fs.readFileSync(key), allowHTTP1: true,
			maxSessionMemory: 1000 }, page)),

	// An event in the coding that the path names; what goes on with it, and ends it, is asked for by /go
	events: () => {
		const of = { '/gzip': zlib.createGzip, '/deflate': zlib.createDeflate, '/raw': zlib.createDeflateRaw, '/br': zlib.createBrotliCompress };
		let live;
		listening(http.createServer((request, response) => {
			if (request.url !== '/go') {
				live = of[request.url]();
				response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': request.url === '/raw' ? 'deflate' : request.url.slice(1) });
				live.on('data', more => response.write(more));
				live.on('end', () => response.end());
				live.write('data: one\n\n');
				live.flush();
				return;
			}
			live.write('data: two, which refers back to data: one\n\n');
			live.flush(() => live.end('data: three\n\n'));
			response.end('gone on');
		}));
	},

	// HTTP/2 with prior knowledge, and nothing else
	h2cserver: () => listening(http2.createServer({ maxSessionMemory: 1000 }, page)),

	// Forty posts at once, and their trailers
	h2client: async (url, ca, proxy) => {
		const to = new URL(url), options = { ca: ca ? fs.readFileSync(ca) : undefined };
		if (proxy) {
			const raw = net.connect(+proxy, '127.0.0.1');
			raw.write(`CONNECT ${to.host} HTTP/1.1\r\nHost: ${to.host}\r\n\r\n`);
			await new Promise(done => raw.once('data', done));
			options.createConnection = () => tls.connect({ socket: raw, ALPNProtocols: ['h2'], servername: to.hostname,
				ca: options.ca });
		}
		const session = http2.connect(url, options);
		session.on('error', fail);
		await Promise.all(Array.from({ length: 40 }, async (_, n) => {
			const body = Buffer.alloc(1000 * n, n), stream = session.request({ ':method': 'POST', ':path': '/echo' },
				{ waitForTrailers: true });
			let trailers;
			stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sent': `of ${n}` }));
			stream.on('trailers', t => { trailers = t; });
			stream.end(body);
			if (!body.equals(await collect(stream)))
				throw Error(`body ${n} differs`);
			if (!trailers || trailers['x-sum'] !== String(body.length) || trailers['x-sent'] !== `of ${n}`)
				throw Error(`trailers of ${n}: ${JSON.stringify(trailers)}`);
		}));
		await new Promise(done => session.ping(done));
		session.close(() => console.log('ok'));
	},

	wsserver: () => {
		const { WebSocketServer } = require('ws');
		const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { threshold: 0 } });
		server.on('listening', () => console.log(server.address().port));
		server.on('connection', peer => peer.on('message', (m, binary) =>
			String(m) === 'leave' ? peer.close(4001, 'as told') : peer.send(m, { binary })));
	},

	// Texts, bytes and a large message there and back; ping, and a close with code and reason
	wsclient: async (url, deflate) => {
		const WebSocket = require('ws'), ws = new WebSocket(url, { perMessageDeflate: deflate === 'deflate' });
		const next = name => new Promise((done, failed) => { ws.once(name, (...a) => done(a)); ws.once('error', failed); });
		await next('open');
		for (const [m, binary] of [['h\u00e4llo', false], [Buffer.from([0, 255, 1]), true], ['', false],
				['x'.repeat(1 << 20), false]]) {
			ws.send(m);
			const [back, kind] = await next('message');
			if (kind !== binary || !Buffer.from(m).equals(back))
				throw Error(`not what was sent: ${back.length}`);
		}
		ws.ping('sonar');
		if (String((await next('pong'))[0]) !== 'sonar')
			throw Error('another pong');
		ws.send('leave');
		const [code, reason] = await next('close');
		console.log(code === 4001 && String(reason) === 'as told' ? 'ok' : `closed by ${code} ${reason}`);
	},
};

process.on('unhandledRejection', fail);
const [name, ...args] = process.argv.slice(2);
Promise.resolve(programs[name](...args)).catch(fail);
