/* Every view there is, in the order that completion gives them. */
#include "view.h"

#define VIEWS(_) \
	_(list) \
	_(detail) \
	_(request) \
	_(response) \
	_(content) \
	_(messages) \
	_(message) \
	_(tree) \
	_(search) \
	_(switches) \
	_(policy) \
	_(saved) \
	_(edits) \
	_(replays) \
	_(difference) \
	_(rules) \
	_(qr) \
	_(tls) \
	_(why) \
	_(help) \
	_(log)

#define DECLARE(name)	extern const struct view_ops view_##name;
#define ENTRY(name)	&view_##name,

VIEWS(DECLARE)
const struct view_ops *const views[] = { VIEWS(ENTRY) NULL };
