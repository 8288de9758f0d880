/* Connections turned to a socket: a table of nf_tables, as nft(8) would write it:
 *
 *	table ip soth {
 *		chain turning {
 *			type filter hook prerouting priority mangle;
 *			meta l4proto tcp ip daddr 127.0.0.0/8 socket transparent ... accept
 *			meta l4proto tcp tproxy to :PORT
 *		}
 *	}
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string.h>

#include "netlink.h"
#include "turning.h"

enum { MANGLE = -150 };
static const char table[] = "soth", chain[] = "turning";

static const struct ground {
	int family;
	uint8_t nf;
	uint32_t offset;	/* of the destination in the packet */
	uint8_t loopback[16];
	size_t len;		/* what of it says so */
} grounds[] = {
	{ AF_INET, NFPROTO_IPV4, 16, { 127 }, 1 },
	{ AF_INET6, NFPROTO_IPV6, 24, { [15] = 1 }, 16 },
};

static void
put_message(struct netlink *n, uint16_t type, uint16_t flags, uint8_t family, uint16_t resource)
{
	struct nfgenmsg head = { .nfgen_family = family, .version = NFNETLINK_V0, .res_id = htons(resource) };

	netlink_message(n, type, flags, &head, sizeof(head));
}

static void
put_nft(struct netlink *n, uint16_t type, uint16_t flags, const struct ground *g)
{
	put_message(n, NFNL_SUBSYS_NFTABLES << 8 | type, flags | NLM_F_CREATE | NLM_F_ACK, g->nf, 0);
}

struct expression { size_t element, data; };

static struct expression
expression_begin(struct netlink *n, const char *name)
{
	struct expression e = { .element = netlink_nest(n, NFTA_LIST_ELEM) };

	netlink_text(n, NFTA_EXPR_NAME, name);
	e.data = netlink_nest(n, NFTA_EXPR_DATA);
	return e;
}

static void
expression_end(struct netlink *n, struct expression e)
{
	netlink_nested(n, e.data);
	netlink_nested(n, e.element);
}

static void
put_value(struct netlink *n, uint16_t attribute, const void *value, size_t len)
{
	size_t nest = netlink_nest(n, attribute);

	netlink_put(n, NFTA_DATA_VALUE, value, len);
	netlink_nested(n, nest);
}

static void
put_equals(struct netlink *n, const void *value, size_t len)
{
	struct expression e = expression_begin(n, "cmp");

	netlink_be32(n, NFTA_CMP_SREG, NFT_REG_1);
	netlink_be32(n, NFTA_CMP_OP, NFT_CMP_EQ);
	put_value(n, NFTA_CMP_DATA, value, len);
	expression_end(n, e);
}

static void
put_is_tcp(struct netlink *n)
{
	struct expression e = expression_begin(n, "meta");

	netlink_be32(n, NFTA_META_KEY, NFT_META_L4PROTO);
	netlink_be32(n, NFTA_META_DREG, NFT_REG_1);
	expression_end(n, e);
	put_equals(n, (uint8_t[]){ IPPROTO_TCP }, 1);
}

static void
put_is_loopback(struct netlink *n, const struct ground *g)
{
	struct expression e = expression_begin(n, "payload");

	netlink_be32(n, NFTA_PAYLOAD_DREG, NFT_REG_1);
	netlink_be32(n, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER);
	netlink_be32(n, NFTA_PAYLOAD_OFFSET, g->offset);
	netlink_be32(n, NFTA_PAYLOAD_LEN, (uint32_t)g->len);
	expression_end(n, e);
	put_equals(n, g->loopback, g->len);
}

/* Asking a socket for anything goes no further where there is none. */
static void
put_has_socket(struct netlink *n)
{
	struct expression e = expression_begin(n, "socket");

	netlink_be32(n, NFTA_SOCKET_KEY, NFT_SOCKET_TRANSPARENT);
	netlink_be32(n, NFTA_SOCKET_DREG, NFT_REG_1);
	expression_end(n, e);
}

static void
put_accept(struct netlink *n)
{
	struct expression e = expression_begin(n, "immediate");
	size_t data, verdict;

	netlink_be32(n, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = netlink_nest(n, NFTA_IMMEDIATE_DATA);
	verdict = netlink_nest(n, NFTA_DATA_VERDICT);
	netlink_be32(n, NFTA_VERDICT_CODE, NF_ACCEPT);
	netlink_nested(n, verdict);
	netlink_nested(n, data);
	expression_end(n, e);
}

static void
put_turn(struct netlink *n, const struct ground *g, uint16_t port)
{
	struct expression e = expression_begin(n, "immediate");
	uint16_t be = htons(port);

	netlink_be32(n, NFTA_IMMEDIATE_DREG, NFT_REG_1);
	put_value(n, NFTA_IMMEDIATE_DATA, &be, sizeof(be));
	expression_end(n, e);
	e = expression_begin(n, "tproxy");
	netlink_be32(n, NFTA_TPROXY_FAMILY, g->nf);
	netlink_be32(n, NFTA_TPROXY_REG_PORT, NFT_REG_1);
	expression_end(n, e);
}

static size_t
rule_begin(struct netlink *n, const struct ground *g)
{
	put_nft(n, NFT_MSG_NEWRULE, NLM_F_APPEND, g);
	netlink_text(n, NFTA_RULE_TABLE, table);
	netlink_text(n, NFTA_RULE_CHAIN, chain);
	return netlink_nest(n, NFTA_RULE_EXPRESSIONS);
}

static void
put_chain(struct netlink *n, const struct ground *g)
{
	size_t hook;

	put_nft(n, NFT_MSG_NEWTABLE, 0, g);
	netlink_text(n, NFTA_TABLE_NAME, table);
	put_nft(n, NFT_MSG_NEWCHAIN, 0, g);
	netlink_text(n, NFTA_CHAIN_TABLE, table);
	netlink_text(n, NFTA_CHAIN_NAME, chain);
	hook = netlink_nest(n, NFTA_CHAIN_HOOK);
	netlink_be32(n, NFTA_HOOK_HOOKNUM, NF_INET_PRE_ROUTING);
	netlink_be32(n, NFTA_HOOK_PRIORITY, (uint32_t)MANGLE);
	netlink_nested(n, hook);
	netlink_text(n, NFTA_CHAIN_TYPE, "filter");
}

static int
turn(const struct ground *g, uint16_t port, bool inner)
{
	struct netlink n = { .len = 0 };
	size_t rule;

	put_message(&n, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	put_chain(&n, g);
	if (inner) {
		rule = rule_begin(&n, g);
		put_is_tcp(&n);
		put_is_loopback(&n, g);
		put_has_socket(&n);
		put_accept(&n);
		netlink_nested(&n, rule);
	}
	rule = rule_begin(&n, g);
	put_is_tcp(&n);
	put_turn(&n, g, port);
	netlink_nested(&n, rule);
	put_message(&n, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	return netlink_send(&n, NETLINK_NETFILTER);
}

/* A kernel may have the one expression and not the other: what listens in there can then not be reached. */
int
turning_on(int family, uint16_t port)
{
	const struct ground *g = &grounds[family == AF_INET6];
	int error = turn(g, port, true);

	return error == ENOENT ? turn(g, port, false) : error;
}
