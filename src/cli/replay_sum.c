/* What came of requests that were sent again, as a table. */
#include <stdlib.h>

#include "replay.h"

enum { UNIT = 10, TEXT_ROOM = 32 };

void
replay_sum_add(struct replay_sum *sum, const struct row *r, uint64_t microseconds)
{
	uint64_t took = microseconds / UNIT;

	sum->sent++;
	if (r->state == ROW_FAILED || !r->status || r->status >= STATUS_MAX) {
		sum->failed++;
		return;
	}
	sum->status[r->status]++;
	if (sum->answered == sum->room) {
		sum->room = sum->room ? sum->room * 2 : 64;
		sum->took = xgrow(sum->took, sum->room, sizeof(*sum->took));
	}
	sum->took[sum->answered++] = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
}

static int
by_time(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static const char *
time_text(uint32_t units, char room[TEXT_ROOM])
{
	double ms = (double)units * UNIT / 1000;

	snprintf(room, TEXT_ROOM, ms < 10 ? "%.2fms" : ms < 1000 ? "%.0fms" : "%.2fs", ms < 1000 ? ms : ms / 1000);
	return room;
}

static void
print_times(struct replay_sum *sum, FILE *out)
{
	char text[4][TEXT_ROOM];
	size_t n = sum->answered, last = n - 1;

	qsort(sum->took, n, sizeof(*sum->took), by_time);
	fprintf(out, "time      min %s  median %s  p95 %s  max %s\n", time_text(sum->took[0], text[0]),
		time_text(sum->took[last / 2], text[1]), time_text(sum->took[(n * 95 + 99) / 100 - 1], text[2]),
		time_text(sum->took[last], text[3]));
}

void
replay_sum_print(struct replay_sum *sum, uint64_t microseconds, bool checked, FILE *out)
{
	double seconds = (double)microseconds / 1e6;

	fprintf(out, "requests  %llu in %.2fs", (unsigned long long)sum->sent, seconds);
	if (seconds > 0)
		fprintf(out, ", %.0f a second", (double)sum->sent / seconds);
	fputs("\nstatus    ", out);
	for (unsigned i = 0; i < STATUS_MAX; i++)
		if (sum->status[i])
			fprintf(out, "%u: %llu  ", i, (unsigned long long)sum->status[i]);
	fprintf(out, "failed: %llu", (unsigned long long)sum->failed);
	if (sum->left_out)
		fprintf(out, "  left out: %llu", (unsigned long long)sum->left_out);
	fputc('\n', out);
	if (sum->answered)
		print_times(sum, out);
	if (checked)
		fprintf(out, "checked   the same: %llu  different: %llu  no answer to compare with: %llu\n",
			(unsigned long long)sum->verdict[REPLAY_SAME], (unsigned long long)sum->verdict[REPLAY_OTHER],
			(unsigned long long)sum->verdict[REPLAY_UNKNOWN]);
}

void
replay_sum_release(struct replay_sum *sum)
{
	free(sum->took);
	*sum = (struct replay_sum){ 0 };
}
