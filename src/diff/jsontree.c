/* JSON read into nodes (https://www.rfc-editor.org/rfc/rfc8259), without a copy of any text. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "jsontree.h"

static const uint64_t odd[] = { 0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9 };

struct parse {
	struct json_tree *t;
	size_t at;
	unsigned depth;
};

__extension__ typedef unsigned __int128 wide;

static uint64_t
mix(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
seed(void)
{
	static uint64_t of_process;

	if (!of_process && getrandom(&of_process, sizeof(of_process), GRND_NONBLOCK) != sizeof(of_process))
		of_process = (uint64_t)(uintptr_t)&of_process;
	return of_process;
}

uint64_t
tree_hash(struct bytes text)
{
	uint64_t h = seed() ^ text.len, word;

	for (; text.len; text = bytes_from(text, sizeof(word))) {
		word = 0;
		memcpy(&word, text.at, text.len < sizeof(word) ? text.len : sizeof(word));
		h = mix(h ^ word, odd[0] ^ seed()) + odd[1];
	}
	return mix(h, odd[2]);
}

static uint32_t
node_add(struct json_tree *t, size_t at, enum json_kind kind)
{
	if (t->nodes == t->room) {
		t->room = t->room ? t->room * 2 : 64;
		t->node = xgrow(t->node, t->room, sizeof(*t->node));
	}
	t->node[t->nodes] = (struct json_node){ .at = (uint32_t)at, .kind = (uint8_t)kind };
	return t->nodes++;
}

static int
peek(const struct parse *p)
{
	return p->at < p->t->bytes.len ? p->t->bytes.at[p->at] : -1;
}

static int
peek_space(struct parse *p)
{
	while (peek(p) == ' ' || peek(p) == '\t' || peek(p) == '\n' || peek(p) == '\r')
		p->at++;
	return peek(p);
}

static bool
take(struct parse *p, int c)
{
	bool there = peek(p) == c;

	p->at += there;
	return there;
}

static void
node_end(struct parse *p, uint32_t i, size_t end, uint64_t hash)
{
	struct json_node *n = &p->t->node[i];

	n->len = (uint32_t)(end - n->at);
	n->next = p->t->nodes;
	n->hash = mix(hash ^ odd[n->kind % 3], seed() + n->kind + 1);
}

/* \uXXXX as UTF-8; halves of a pair are joined, and one alone is kept as it is. */
static size_t
escape_rune(const uint8_t *at, size_t len, uint8_t *to, size_t *out)
{
	uint32_t r = 0, low = 0;
	size_t used = 6;

	for (size_t i = 2; i < 6; i++)
		r = r << 4 | (unsigned)hex_digit(at[i]);
	if (r >= 0xd800 && r < 0xdc00 && len >= 12 && at[6] == '\\' && at[7] == 'u') {
		for (size_t i = 8; i < 12; i++)
			low = low << 4 | (unsigned)hex_digit(at[i]);
		if (low >= 0xdc00 && low < 0xe000) {
			r = 0x10000 + ((r - 0xd800) << 10) + (low - 0xdc00);
			used = 12;
		}
	}
	if (r < 0x80)
		to[(*out)++] = (uint8_t)r;
	for (int n = r < 0x80 ? 0 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4, i = 0; i < n; i++)
		to[(*out)++] = (uint8_t)(i ? 0x80 | (r >> 6 * (n - 1 - i) & 0x3f) : (0xf00u >> n & 0xff) | r >> 6 * (n - 1));
	return used;
}

/* By what it means: "\u0041" is "A". */
static uint64_t
string_hash(struct bytes raw)
{
	static const char from[] = "bfnrt", meant[] = "\b\f\n\r\t";
	uint8_t *to;
	size_t out = 0, n;
	uint64_t hash;

	if (!raw.len || !memchr(raw.at, '\\', raw.len))
		return tree_hash(raw);
	to = xalloc(raw.len);
	for (; raw.len; raw = bytes_from(raw, n)) {
		const char *is = raw.len > 1 && *raw.at == '\\' ? strchr(from, raw.at[1]) : NULL;

		n = *raw.at == '\\' ? 2 : 1;
		if (n == 2 && raw.at[1] == 'u')
			n = escape_rune(raw.at, raw.len, to, &out);
		else
			to[out++] = is ? (uint8_t)meant[is - from] : raw.at[n - 1];
	}
	hash = tree_hash((struct bytes){ to, out });
	free(to);
	return hash;
}

static bool
read_escape(struct parse *p)
{
	int c = peek(p);

	p->at++;
	for (int i = 0; c == 'u' && i < 4; i++, p->at++)
		if (peek(p) < 0 || !isxdigit(peek(p)))
			return false;
	return c > 0 && strchr("\"\\/bfnrtu", c);
}

static bool
read_string(struct parse *p)
{
	uint32_t i = node_add(p->t, p->at + 1, JSON_KIND_STRING);
	size_t from = ++p->at;

	while (peek(p) >= ' ' && peek(p) != '"') {
		if (take(p, '\\')) {
			if (!read_escape(p))
				return false;
		} else {
			p->at++;
		}
	}
	node_end(p, i, p->at, string_hash((struct bytes){ p->t->bytes.at + from, p->at - from }));
	return take(p, '"');
}

static bool
read_digits(struct parse *p)
{
	size_t from = p->at;

	while (peek(p) >= '0' && peek(p) <= '9')
		p->at++;
	return p->at > from;
}

static bool
read_number(struct parse *p)
{
	size_t from = p->at;
	uint32_t i = node_add(p->t, from, JSON_KIND_NUMBER);

	take(p, '-');
	if (!take(p, '0') && !read_digits(p))
		return false;
	if (take(p, '.') && !read_digits(p))
		return false;
	if (take(p, 'e') || take(p, 'E')) {
		if (!take(p, '-'))
			take(p, '+');
		if (!read_digits(p))
			return false;
	}
	node_end(p, i, p->at, tree_hash((struct bytes){ p->t->bytes.at + from, p->at - from }));
	return true;
}

static bool
read_word(struct parse *p)
{
	static const struct { const char *word; enum json_kind kind; } words[] = {
		{ "null", JSON_KIND_NULL }, { "true", JSON_KIND_BOOLEAN }, { "false", JSON_KIND_BOOLEAN },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = strlen(words[i].word);

		if (p->t->bytes.len - p->at >= n && !memcmp(p->t->bytes.at + p->at, words[i].word, n)) {
			uint32_t node = node_add(p->t, p->at, words[i].kind);

			p->at += n;
			node_end(p, node, p->at, tree_hash(bytes_of(words[i].word)));
			return true;
		}
	}
	return false;
}

static bool read_value(struct parse *p);

/* A name with what it is for: their hashes are added up, so that their order is nothing. */
static bool
read_member(struct parse *p, uint64_t *hash)
{
	uint32_t name = p->t->nodes, value;

	if (peek_space(p) != '"' || !read_string(p) || peek_space(p) != ':')
		return false;
	p->at++;
	value = p->t->nodes;
	if (!read_value(p))
		return false;
	*hash += mix(p->t->node[name].hash, p->t->node[value].hash ^ odd[1]);
	return true;
}

static bool
read_element(struct parse *p, uint64_t *hash)
{
	uint32_t value = p->t->nodes;

	if (!read_value(p))
		return false;
	*hash = mix(*hash ^ p->t->node[value].hash, odd[0] ^ seed()) + odd[2];
	return true;
}

static bool
read_inside(struct parse *p, enum json_kind kind)
{
	bool (*one)(struct parse *p, uint64_t *hash) = kind == JSON_KIND_OBJECT ? read_member : read_element;
	int close = kind == JSON_KIND_OBJECT ? '}' : ']';
	uint32_t i = node_add(p->t, p->at, kind);
	uint64_t hash = seed();

	p->at++;
	if (peek_space(p) != close) {
		do
			if (!one(p, &hash))
				return false;
		while (peek_space(p) == ',' && take(p, ','));
	}
	if (!take(p, close))
		return false;
	node_end(p, i, p->at, hash);
	return true;
}

static bool
read_value(struct parse *p)
{
	int c = peek_space(p);
	bool ok;

	if (p->depth == TREE_DEPTH_MAX || p->t->nodes >= TREE_NODES_MAX)
		return false;
	p->depth++;
	if (c == '{' || c == '[')
		ok = read_inside(p, c == '{' ? JSON_KIND_OBJECT : JSON_KIND_ARRAY);
	else if (c == '"')
		ok = read_string(p);
	else
		ok = c == '-' || (c >= '0' && c <= '9') ? read_number(p) : read_word(p);
	p->depth--;
	return ok;
}

bool
tree_read(struct json_tree *t, struct bytes json)
{
	struct parse p = { t, 0, 0 };

	*t = (struct json_tree){ .bytes = json };
	if (json.len > 3 && !memcmp(json.at, "\xef\xbb\xbf", 3))
		p.at = 3;
	if (json.len < UINT32_MAX && read_value(&p) && peek_space(&p) < 0)
		return true;
	tree_free(t);
	return false;
}

void
tree_free(struct json_tree *t)
{
	free(t->node);
	*t = (struct json_tree){ .node = NULL };
}

struct bytes
tree_bytes(const struct json_tree *t, uint32_t node)
{
	const struct json_node *n = &t->node[node];
	bool quoted = n->kind == JSON_KIND_STRING;

	return (struct bytes){ t->bytes.at + n->at - quoted, n->len + 2 * quoted };
}
