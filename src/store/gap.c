/* How a session's file begins, and how far its beginning is gone. */
#include <errno.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gap.h"
#include "le32.h"
#include "soth/volume.h"

enum { FRAME = 8, RECORD = 64, ROOM = 4096 };

static const char begins[] = "soth session ";
enum { BEGINS = sizeof(begins) - 1 };

struct bytes
gap_line(unsigned version)
{
	static const char *const lines[] = { [SESSION_PLAIN] = "soth session 1\n", [SESSION_GAP] = "soth session 2\n",
		[SESSION_COMPACTED] = "soth session 3\n" };

	return bytes_of(lines[version]);
}

bool
gap_version(int fd, unsigned *version, struct fault *why)
{
	char line[32] = "";
	ssize_t got = pread(fd, line, sizeof(line) - 1, 0);
	unsigned long named;
	char *end;

	if (got < 0)
		return fault(why, "%s", strerror(errno));
	if (strncmp(line, begins, BEGINS) || line[BEGINS] < '1' || line[BEGINS] > '9')
		return fault(why, "not a soth session: it does not begin with '%s1'", begins);
	named = strtoul(line + BEGINS, &end, 10);
	if (*end != '\n')
		return fault(why, "not a soth session: its first line is not '%s1'", begins);
	if (named > SESSION_COMPACTED)
		return fault(why, "a session of version %lu, from a newer soth: this one reads up to %d", named, SESSION_COMPACTED);
	*version = (unsigned)named;
	return true;
}

bool
gap_write(int fd, const struct gap *g, struct fault *why)
{
	uint8_t frame[FRAME] = { 0 };
	struct buf b;
	size_t len;
	bool ok;

	buf_init(&b, ROOM);
	ok = buf_add(&b, gap_line(SESSION_GAP)) && buf_add(&b, (struct bytes){ frame, FRAME }) &&
		soth_pack_gap(g, &b);
	len = b.len - VOLUME_LINE - FRAME;
	put_le32(b.at + VOLUME_LINE, (uint32_t)len);
	put_le32(b.at + VOLUME_LINE + 4, libdeflate_crc32(0, b.at + VOLUME_LINE + FRAME, len));
	errno = ENOSPC;
	ok = ok && pwrite(fd, b.at, b.len, 0) == (ssize_t)b.len;
	buf_release(&b);
	return ok || fault(why, "%s", strerror(errno));
}

bool
gap_read(int fd, uint64_t size, struct gap *out, struct fault *why)
{
	uint8_t record[FRAME + RECORD];
	ssize_t got = pread(fd, record, sizeof(record), VOLUME_LINE);
	uint32_t len = got > FRAME ? get_le32(record) : 0;

	if (!len || len > (size_t)got - FRAME || libdeflate_crc32(0, record + FRAME, len) != get_le32(record + 4) ||
			!soth_unpack_gap((struct bytes){ record + FRAME, len }, out) ||
			out->to < VOLUME_LINE + FRAME + len || out->whole < out->to || out->whole > size)
		return fault(why, "damaged at byte %d: how far its beginning is gone", VOLUME_LINE);
	return true;
}
