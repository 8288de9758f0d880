/* The files that a command's environment names. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run_files.h"

enum { SETTINGS_MAX = 1 << 20 };

__asm__(".section .rodata\n.global run_node_text\n.global run_node_end\n"
	"run_node_text:\n.incbin \"src/cli/run_node.js\"\nrun_node_end:\n.byte 0\n.previous\n");
extern const uint8_t run_node_text[], run_node_end[];

typedef bool maker(const struct ca *ca, const char *dir, struct buf *out, struct fault *why);

static bool
make_bundle(const struct ca *ca, const char *dir, struct buf *out, struct fault *why)
{
	(void)dir;
	return ca_bundle(ca, out, why);
}

static bool
make_keystore(const struct ca *ca, const char *dir, struct buf *out, struct fault *why)
{
	(void)dir;
	return ca_keystore(ca, out, why);
}

static bool
make_node(const struct ca *ca, const char *dir, struct buf *out, struct fault *why)
{
	(void)ca, (void)dir, (void)why;
	buf_init(out, SETTINGS_MAX);
	return buf_add(out, (struct bytes){ run_node_text, (size_t)(run_node_end - run_node_text) });
}

/* What a person has set for wget holds still: ours takes the place of that file. */
static void
add_wgetrc(struct buf *out)
{
	const char *named = getenv("WGETRC"), *home = getenv("HOME");
	char path[RUN_PATH], line[1024];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", named ? named : home ? home : "", named ? "" : "/.wgetrc");
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f) && buf_add(out, bytes_of(line)))
		;
	if (f)
		fclose(f);
}

static bool
make_wgetrc(const struct ca *ca, const char *dir, struct buf *out, struct fault *why)
{
	(void)ca;
	buf_init(out, SETTINGS_MAX);
	add_wgetrc(out);
	return buf_addf(out, "\nca_certificate = %s/bundle.pem\n", dir) || fault(why, "wgetrc: too large");
}

static bool
make_php(const struct ca *ca, const char *dir, struct buf *out, struct fault *why)
{
	(void)ca;
	buf_init(out, SETTINGS_MAX);
	return buf_addf(out, "curl.cainfo = \"%s/bundle.pem\"\nopenssl.cafile = \"%s/bundle.pem\"\n", dir, dir) ||
		fault(why, "php.ini: too large");
}

static const struct {
	const char *name;
	maker *make;
} files[] = {
	{ "bundle.pem", make_bundle },
	{ "trust.jks", make_keystore },
	{ "node.js", make_node },
	{ "wgetrc", make_wgetrc },
	{ "soth.ini", make_php },
};

/* Whole or not at all: somebody may be reading the one that is there. */
static bool
file_write(const char *path, struct bytes b, struct fault *why)
{
	char fresh[RUN_PATH + 8];
	FILE *f;
	bool ok;

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	unlink(fresh);
	f = fopen(fresh, "wxe");
	ok = f && fwrite(b.at, 1, b.len, f) == b.len;
	if (f)
		ok = !fclose(f) && ok && !rename(fresh, path);
	return ok || fault(why, "%s: %s", fresh, strerror(errno));
}

bool
run_files_put(const struct ca *ca, const char *dir, struct fault *why)
{
	char path[RUN_PATH];
	struct buf content;
	bool ok = true;

	if (mkdir(dir, 0700) && errno != EEXIST)
		return fault(why, "%s: %s", dir, strerror(errno));
	for (size_t i = 0; ok && i < ARRAY_LEN(files); i++) {
		if (snprintf(path, sizeof(path), "%s/%s", dir, files[i].name) >= RUN_PATH)
			return fault(why, "%.100s...: the path is too long", dir);
		if (!files[i].make(ca, dir, &content, why))
			return false;
		ok = file_write(path, buf_bytes(&content), why);
		buf_release(&content);
	}
	return ok;
}

static bool
folder_make(char dir[RUN_PATH], struct fault *why)
{
	const char *places[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (!places[i] || *places[i] != '/')
			continue;
		if (snprintf(dir, RUN_PATH, "%s/soth-run-XXXXXX", places[i]) < RUN_PATH && mkdtemp(dir))
			return true;
	}
	return fault(why, "a folder in %s: %s", places[2], strerror(errno));
}

bool
run_files_make(const struct ca *ca, char dir[RUN_PATH], struct fault *why)
{
	if (!folder_make(dir, why))
		return false;
	if (run_files_put(ca, dir, why))
		return true;
	run_files_remove(dir);
	return false;
}

void
run_files_remove(const char *dir)
{
	char path[RUN_PATH + 16];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i].name);
		unlink(path);
	}
	rmdir(dir);
}
