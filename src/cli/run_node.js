/*
 * Loaded by `soth run` into a Node.js that knows no https_proxy: what http,
 * https and fetch send goes by way of the proxy, in a tunnel. Deno takes it too
 * (NODE_OPTIONS), knows the proxy by itself, and may not be let look at the environment.
 */
'use strict';
const url = typeof Deno === 'undefined' && (process.env.https_proxy || process.env.HTTPS_PROXY);

if (url && !process.allowedNodeEnvironmentFlags.has('--use-env-proxy')) {
	const http = require('http'), https = require('https'), net = require('net'), tls = require('tls');
	const proxy = new URL(url);
	const direct = { plain: http.Agent.prototype.createConnection, tls: https.Agent.prototype.createConnection };

	const tunnel = (host, port, done) => {
		const to = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`, headers = { host: to };
		if (proxy.username)
			headers['proxy-authorization'] = 'Basic ' + Buffer.from(
				decodeURIComponent(proxy.username) + ':' + decodeURIComponent(proxy.password)).toString('base64');
		const request = http.request({ method: 'CONNECT', path: to, headers,
			createConnection: () => net.connect(+proxy.port, proxy.hostname) });
		request.once('error', done);
		request.once('connect', (answer, socket) => {
			if (answer.statusCode === 200)
				return done(null, socket);
			socket.destroy();
			done(new Error(`CONNECT ${to}: ${answer.statusCode}`));
		});
		request.end();
	};

	http.Agent.prototype.createConnection = function (options, done) {
		if (options.socketPath || typeof done !== 'function')
			return direct.plain.call(this, options, done);
		tunnel(options.host || 'localhost', options.port || 80, done);
	};
	https.Agent.prototype.createConnection = function (options, done) {
		if (options.socketPath || options.socket || typeof done !== 'function')
			return direct.tls.call(this, options, done);
		tunnel(options.host || 'localhost', options.port || 443, (wrong, socket) =>
			wrong ? done(wrong) : done(null, direct.tls.call(this, { ...options, socket })));
	};

	/* For undici, which is under fetch. */
	const connect = ({ hostname, protocol, port, servername }, done) => {
		const secure = protocol === 'https:', host = hostname.replace(/^\[|\]$/g, '');
		tunnel(host, port || (secure ? 443 : 80), (wrong, socket) => {
			if (wrong || !secure)
				return done(wrong, socket);
			const session = tls.connect({ socket, host, ALPNProtocols: ['http/1.1'],
				servername: servername || (net.isIP(host) ? '' : host) });
			session.once('error', done);
			session.once('secureConnect', () => {
				session.removeListener('error', done);
				done(null, session);
			});
		});
	};
	const key = Symbol.for('undici.globalDispatcher.1'), fetch = globalThis.fetch;

	/* The dispatcher is there once undici is, which the first look at Headers loads. */
	const prepare = () => {
		const usual = globalThis.Headers && globalThis[key];
		if (usual && usual.constructor.name === 'Agent')
			globalThis[key] = new usual.constructor({ connect });
		globalThis.fetch = fetch;
	};
	if (fetch)
		globalThis.fetch = function (...args) {
			if (globalThis.fetch !== fetch)
				prepare();
			return fetch.apply(this, args);
		};
}
