/* The session that the screens call "polls": clients that ask the same again and again. */

/* Of bodies.h, which stands before it: exchange(), exchange_ends(). */
static void
poll_comes(struct making *m, const char *method, const char *path, unsigned status)
{
	char request[400], response[200];

	snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: api.example.com\r\n\r\n", method, path);
	snprintf(response, sizeof(response), "HTTP/1.1 %u Any\r\nContent-Type: application/json\r\n\r\n", status);
	exchange(m, "api.example.com", request, (struct bytes){ 0 }, response, LIT("{\"done\":false}"));
}

/* So often, each a little after the one before, with a query of its own. */
static void
polls_come(struct making *m, unsigned times, const char *path, unsigned status)
{
	char whole[300];

	for (unsigned i = 0; i < times; i++) {
		snprintf(whole, sizeof(whole), "%s?at=%u", path, i);
		poll_comes(m, "GET", whole, status);
		exchange_ends(m);
		after(m, 900);
	}
}

static void
polls_tell(struct making *m)
{
	poll_comes(m, "POST", "/v1/jobs", 201);
	exchange_ends(m);
	polls_come(m, 37, "/v1/jobs/17", 200);
	polls_come(m, 1, "/v1/account", 200);
	polls_come(m, 4, "/v1/jobs/17", 200);
	polls_come(m, 2, "/v1/jobs/17", 503);
	polls_come(m, 5, "/v1/jobs/17/steps/deployment-of-the-staging-environment/log", 200);
	polls_come(m, 2, "/v1/account", 200);
	poll_comes(m, "GET", "/v1/account", 200);
}

__attribute__((unused)) static void
polls_make(const char *path)
{
	struct fault why = { "" };
	struct making m = { store_create(path, &why), 0, protocols_begin };

	if (!m.store)
		fail_msg("%s", why.text);
	polls_tell(&m);
	store_flush(m.store);
	store_free(m.store);
}
