/* PEM files, block by block: what is wrong is known by its line before a library sees it. */
#include <string.h>

#include "pem.h"

enum { LABEL_MAX = 64 };

static const char begin[] = "-----BEGIN ", end[] = "-----END ", dashes[] = "-----";

/* Without its line end; false: there are no more. */
static bool
line_take(struct pem *p, struct bytes *line)
{
	const uint8_t *nl = p->rest.len ? memchr(p->rest.at, '\n', p->rest.len) : NULL;

	if (!p->rest.len)
		return false;
	*line = (struct bytes){ p->rest.at, nl ? (size_t)(nl - p->rest.at) : p->rest.len };
	p->rest.at += line->len + (nl != NULL);		/* a block's text ends where it points, at the end too */
	p->rest.len -= line->len + (nl != NULL);
	p->line++;
	while (line->len && strchr(" \t\r", line->at[line->len - 1]))
		line->len--;
	return true;
}

static bool
begins_with(struct bytes line, const char *with)
{
	size_t len = strlen(with);

	return line.len >= len && !memcmp(line.at, with, len);
}

/* "-----BEGIN X-----": X; empty: it is no such line. */
static struct bytes
label_of(struct bytes line, const char *with)
{
	size_t about = strlen(with) + strlen(dashes);

	if (!begins_with(line, with) || line.len <= about || line.len > about + LABEL_MAX ||
			memcmp(line.at + line.len - strlen(dashes), dashes, strlen(dashes)))
		return (struct bytes){ 0 };
	return (struct bytes){ line.at + strlen(with), line.len - about };
}

static bool
is_base64(struct bytes line)
{
	for (size_t i = 0; i < line.len; i++) {
		uint8_t c = line.at[i];

		if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && !strchr("+/=", c ? c : ' '))
			return false;
	}
	return true;
}

/* Fields before the text, "Proc-Type: 4,ENCRYPTED" (RFC 1421 section 4.6). */
static bool
is_field(struct bytes line)
{
	return line.len && memchr(line.at, ':', line.len);
}

static bool
says_encrypted(struct bytes line)
{
	static const char word[] = "ENCRYPTED";

	return memmem(line.at, line.len, word, strlen(word)) != NULL;
}

static bool
block_line(const struct pem *p, struct pem_block *b, struct bytes line, bool *fields, struct fault *why)
{
	if (*fields && is_field(line)) {
		b->encrypted |= says_encrypted(line);
		return true;
	}
	*fields = *fields && !line.len;
	return is_base64(line) || fault(why, "line %u: not base64", p->line);
}

/* From behind BEGIN. */
static bool
block_read(struct pem *p, struct pem_block *b, struct fault *why)
{
	bool fields = true;
	struct bytes line, label;

	while (line_take(p, &line)) {
		if (!begins_with(line, dashes)) {
			if (!block_line(p, b, line, &fields, why))
				return false;
			continue;
		}
		label = label_of(line, end);
		if (!label.len || !bytes_same(label, b->label))
			return fault(why, "line %u: expected -----END %.*s-----", p->line, (int)b->label.len, (const char *)b->label.at);
		b->text.len = (size_t)(p->rest.at - b->text.at);
		return true;
	}
	return fault(why, "line %u: BEGIN %.*s without its END", b->line, (int)b->label.len, (const char *)b->label.at);
}

bool
pem_next(struct pem *p, struct pem_block *b, struct fault *why)
{
	struct bytes line, label;

	why->text[0] = '\0';
	while (line_take(p, &line)) {
		label = label_of(line, begin);
		if (!label.len && begins_with(line, begin))
			return fault(why, "line %u: a broken BEGIN line", p->line);
		if (!label.len)
			continue;
		*b = (struct pem_block){ .label = label, .text = { line.at, 0 }, .line = p->line,
			.encrypted = says_encrypted(label) };
		return block_read(p, b, why);
	}
	return false;
}
