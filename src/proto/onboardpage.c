/* The page that soth hands out its certificate by, for browsers and for terminals. */
#include <stdio.h>

#include "onboardpage.h"
#include "page.h"
#include "soth/guide.h"

enum { PAGE_MAX = 64 << 10 };

static const char style[] =
	":root{color-scheme:light dark}"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1.5rem 1rem 4rem}"
	"h1{font-size:1.7rem;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}h1+p{margin-top:.2rem}"
	"ul.get{list-style:none;padding:0;display:grid;gap:.6rem;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))}"
	"ul.get a{display:block;height:100%;box-sizing:border-box;padding:.7rem .9rem;border:1px solid #8886;border-radius:.6rem;text-decoration:none}"
	"ul.get a:hover{border-color:currentColor}ul.get b{display:block}ul.get span{color:GrayText;font-size:.9rem}"
	"details{border-top:1px solid #8884;padding:.6rem 0}summary{font-weight:600;cursor:pointer}"
	"pre{overflow-x:auto;background:#8882;border-radius:.4rem;padding:.6rem .8rem;margin:.5rem 0}"
	"code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}";

/* For pages that end when they are full: no sizes of ours come near. */
static void
put(struct buf *b, const char *s)
{
	(void)!buf_add(b, bytes_of(s));
}

static void
put_words(struct buf *b, const char *s)
{
	(void)!page_escape(b, s);
}

static void
html_begin(struct buf *b, const char *proxy)
{
	put(b, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>soth</title>\n<style>");
	put(b, style);
	put(b, "</style>\n<h1>soth</h1>\n");
	if (!proxy) {
		put(b, "<p>Your traffic passes through soth. Trust its certificate to have TLS read, too.</p>\n");
		return;
	}
	put(b, "<p>This is a proxy, and you called it as if it were a site. In your system's or browser's settings set "
		"the proxy for HTTP and HTTPS to <code>");
	put_words(b, proxy);
	put(b, "</code>, and trust its certificate to have TLS read, too. On a command line:</p>\n<pre><code>export "
		"http_proxy=http://");
	put_words(b, proxy);
	put(b, " https_proxy=http://");
	put_words(b, proxy);
	put(b, "</code></pre>\n");
}

static void
html_forms(struct buf *b)
{
	const struct ca_form *f;

	put(b, "<h2>The certificate</h2>\n<ul class=\"get\">\n");
	for (size_t i = 0; (f = ca_form_at(i)); i++) {
		put(b, "<li><a href=\"/cert/");
		put(b, f->name);
		put(b, "\"><b>");
		put_words(b, f->title);
		put(b, "</b> <span>");
		put_words(b, f->about);
		put(b, "</span></a>\n");
	}
	put(b, "</ul>\n");
}

static void
html_steps(struct buf *b, const struct guide *g, const char *path, const char *hash)
{
	const char *at = g->steps;
	struct guide_line line;
	bool code = false;

	while (guide_next(&at, path, hash, &line)) {
		if (line.command != code)
			put(b, code ? "</code></pre>\n" : "<pre><code>");
		else if (line.command)
			put(b, "\n");
		code = line.command;
		put(b, code ? "" : "<p>");
		put_words(b, line.text);
		put(b, code ? "" : "</p>\n");
	}
	put(b, code ? "</code></pre>\n" : "");
}

struct slice
onboardpage_html(const struct ca *ca, const char *proxy)
{
	char pem[CA_FILE_ROOM], hash[CA_FILE_ROOM];
	const struct guide *g;
	struct buf b;

	buf_init(&b, PAGE_MAX);
	ca_form_file(ca, ca_form_named(LIT("pem")), pem);
	ca_form_file(ca, ca_form_named(LIT("android")), hash);
	html_begin(&b, proxy);
	html_forms(&b);
	put(&b, "<p>SHA-256 <code>");
	put(&b, ca_fingerprint(ca));
	put(&b, "</code></p>\n<h2>Trust it</h2>\n");
	for (size_t i = 0; (g = guide_at(i)); i++) {
		put(&b, "<details><summary>");
		put_words(&b, g->system);
		put(&b, "</summary>\n");
		html_steps(&b, g, pem, hash);
		put(&b, "</details>\n");
	}
	put(&b, "<p>Trust it no longer than you need it: whoever has its key can read what you send.</p>\n");
	return buf_seal(&b);
}

static void
text_begin(struct buf *b, const char *proxy)
{
	if (proxy)
		(void)!buf_addf(b, "soth is a proxy, and you called it as if it were a site. Use it so:\n\n"
			"  export http_proxy=http://%s https_proxy=http://%s\n\n", proxy, proxy);
	else
		put(b, "soth: your traffic passes through it. Trust its certificate to have TLS read, too.\n\n");
}

struct slice
onboardpage_text(const struct ca *ca, const char *proxy)
{
	char pem[CA_FILE_ROOM], hash[CA_FILE_ROOM];
	const struct ca_form *f;
	const struct guide *g;
	struct guide_line line;
	struct buf b;

	buf_init(&b, PAGE_MAX);
	text_begin(&b, proxy);
	for (size_t i = 0; (f = ca_form_at(i)); i++)
		(void)!buf_addf(&b, "  /cert/%-8s  %s: %s\n", f->name, f->title, f->about);
	(void)!buf_addf(&b, "\nSHA-256 %s\n", ca_fingerprint(ca));
	ca_form_file(ca, ca_form_named(LIT("pem")), pem);
	ca_form_file(ca, ca_form_named(LIT("android")), hash);
	for (size_t i = 0; (g = guide_at(i)); i++) {
		const char *at = g->steps;

		(void)!buf_addf(&b, "\n%s\n", g->system);
		while (guide_next(&at, pem, hash, &line))
			(void)!buf_addf(&b, "  %s%s\n", line.command ? "  " : "", line.text);
	}
	return buf_seal(&b);
}
