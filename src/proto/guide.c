/* How systems and programs come to trust the authority, in words and commands. */
#include <stdio.h>
#include <string.h>

#include "soth/guide.h"

static const struct guide guides[] = {
	{ "Debian, Ubuntu",
		"$ sudo cp '%s' /usr/local/share/ca-certificates/soth.crt\n"
		"$ sudo update-ca-certificates" },
	{ "Fedora, RHEL",
		"$ sudo trust anchor '%s'" },
	{ "Arch",
		"$ sudo trust anchor --store '%s'" },
	{ "Windows",
		"Open the CER: Install Certificate, Local Machine, Trusted Root Certification Authorities. Or, as administrator:\n"
		"$ certutil -addstore -f ROOT soth-ca-cert.cer" },
	{ "macOS",
		"$ sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain '%s'" },
	{ "iOS, iPadOS",
		"Take the PEM in Safari and allow the profile.\n"
		"Settings, General, VPN & Device Management: install it.\n"
		"Settings, General, About, Certificate Trust Settings: switch soth on." },
	{ "Android",
		"Settings, Security, Install a certificate, CA certificate: the CER. Browsers trust it then; other apps only "
		"if they say so (network_security_config).\n"
		"For all apps, on an emulator or a rooted device:\n"
		"$ adb root && adb remount\n"
		"$ adb push %h /system/etc/security/cacerts/\n"
		"$ adb shell chmod 644 /system/etc/security/cacerts/%h" },
	{ "Firefox",
		"Settings, Privacy & Security, View Certificates, Authorities, Import: %s, for websites." },
	{ "Chromium, Chrome",
		"On Linux:\n"
		"$ certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n soth -i '%s'\n"
		"Elsewhere it trusts what the system does." },
	{ "curl, git",
		"$ export CURL_CA_BUNDLE='%s' GIT_SSL_CAINFO='%s'" },
	{ "Python",
		"$ export SSL_CERT_FILE='%s' REQUESTS_CA_BUNDLE='%s'" },
	{ "Node.js",
		"$ export NODE_EXTRA_CA_CERTS='%s'" },
	{ "Go, Ruby, OpenSSL",
		"$ export SSL_CERT_FILE='%s'" },
	{ "Java",
		"$ keytool -importcert -noprompt -cacerts -storepass changeit -alias soth -file '%s'" },
	{ "Docker",
		"In an image of Debian's kind, with the PEM beside the Dockerfile:\n"
		"$ COPY soth-ca-cert.pem /usr/local/share/ca-certificates/soth.crt\n"
		"$ RUN update-ca-certificates" },
};

const struct guide *
guide_at(size_t i)
{
	return i < ARRAY_LEN(guides) ? &guides[i] : NULL;
}

bool
guide_next(const char **at, const char *path, const char *hash, struct guide_line *out)
{
	const char *s = *at;
	size_t len = 0;

	if (!*s)
		return false;
	out->command = !strncmp(s, "$ ", 2);
	s += out->command ? 2 : 0;
	*out->text = '\0';
	while (*s && *s != '\n' && len < sizeof(out->text) - 1) {
		bool put = s[0] == '%' && (s[1] == 's' || s[1] == 'h');

		len += (size_t)(put ? snprintf(out->text + len, sizeof(out->text) - len, "%s", s[1] == 's' ? path : hash) :
			snprintf(out->text + len, sizeof(out->text) - len, "%c", *s));
		s += put ? 2 : 1;
	}
	s += strcspn(s, "\n");
	*at = *s ? s + 1 : s;
	return true;
}
