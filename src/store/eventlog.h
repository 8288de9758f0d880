#ifndef STORE_EVENTLOG_H
#define STORE_EVENTLOG_H

#include "soth/note.h"

/*
 * The event log: what the notes say, in the events of soth-events(7), a JSON
 * object a line. Nothing in it depends on the clock, on a port the kernel
 * chose, on how bytes were cut on their way, or on how many workers there
 * are: the same traffic gives the same bytes.
 *
 * Memory: a small block for each live flow; for those of an event stream, the
 * block that has not ended, up to LOG_DATA_MAX.
 */
enum { LOG_DATA_MAX = 64 << 10 };	/* of one event's `data` */

/* To add one: its line here, who writes it, a line in soth-events(7).
 *	EVENT, "name", "its attributes besides those that a step brings along" */
#define LOG_EVENTS(_) \
	_(CONNECT_RECEIVED,	"connect_received",	"target") \
	_(PARSE_FAILED,		"connect_parse_failed",	"parse_error_code parse_error_detail") \
	_(DECIDED,		"connect_decision", \
		"action reason override_rule_id override_host_pattern override_force_tunnel override_disable_h2 " \
		"override_strict_header_mode override_skip_upstream_verify") \
	_(TLS_STARTED,		"tls_handshake_started", "peer sni alpn_offered versions_offered ja3 ja4") \
	_(TLS_ESTABLISHED,	"tls_handshake_succeeded", \
		"peer sni version cipher group negotiated_alpn verified client_certificate shown_certificate") \
	_(TLS_FAILED,		"tls_handshake_failed",	"peer sni tls_failure_reason detail raw_provider_error " \
		"tls_ops_provider tls_failure_source source_confidence normalized_reason provider_identity " \
		"alert alert_name alert_by tls_stage verify_status client_certificate alpn_offered versions_offered ja3 ja4 version " \
		"negotiated_alpn upstream_ocsp_staple_present upstream_ocsp_staple_status revocation_policy_mode " \
		"revocation_decision tls_fingerprint_mode tls_fingerprint_class tls_failure_host_count " \
		"tls_failure_source_count tls_failure_reason_count tls_failure_global_count") \
	_(TLS_LEARNING,		"tls_learning_audit",	"tls_learning_decision tls_learning_reason_code " \
		"tls_learning_applied_count tls_learning_ignored_count signal_host signal_reason signal_source signal_provider " \
		"signal_inferred signal_process override_rule_id") \
	_(REQUEST,		"request_headers",	"method target version header_count stream_id") \
	_(REQUEST_BODY,		"request_body_chunk",	"bytes") \
	_(RESPONSE,		"response_headers",	"status_code reason_phrase version header_count") \
	_(RESPONSE_BODY,	"response_body_chunk",	"bytes") \
	_(GRPC_REQUEST,		"grpc_request_headers",	"grpc_event_sequence grpc_path grpc_service grpc_method " \
		"grpc_detection_mode grpc_request_content_type header_count te user_agent") \
	_(GRPC_RESPONSE,	"grpc_response_headers", \
		"grpc_event_sequence status_code header_count grpc_response_content_type") \
	_(GRPC_TRAILERS,	"grpc_response_trailers", "grpc_event_sequence trailer_count grpc_status grpc_message") \
	_(SSE,			"sse_event",		"sequence_no event id retry_ms data data_len data_line_count") \
	_(WEBSOCKET_OPENED,	"websocket_opened",	"relay_mode ws_codec_impl") \
	_(WEBSOCKET_FRAME,	"websocket_frame", \
		"direction frame_kind sequence_no opcode opcode_label fin masked payload_len frame_len") \
	_(TURN_STARTED,		"websocket_turn_started", "turn_id initiated_by first_frame_sequence_no") \
	_(TURN_COMPLETED,	"websocket_turn_completed", \
		"turn_id initiated_by first_frame_sequence_no last_frame_sequence_no " \
		"client_frame_count client_byte_count server_frame_count server_byte_count flush_reason") \
	_(WEBSOCKET_CLOSED,	"websocket_closed", \
		"close_reason reason_detail bytes_from_client bytes_from_server") \
	_(HTTP3_PASSTHROUGH,	"http3_passthrough",	"passthrough_protocol passthrough_mode") \
	_(CLOSED,		"stream_closed",	"reason_code reason_detail bytes_from_client bytes_from_server")

enum log_event {
#define LOG_EVENT_ENUM(name, text, attributes) LOG_##name,
	LOG_EVENTS(LOG_EVENT_ENUM)
#undef LOG_EVENT_ENUM
	LOG_EVENT_COUNT
};

struct eventlog;

struct eventlog *eventlog_open(const char *path, struct fault *why) MUST_USE;	/* what is there is overwritten */
void eventlog_note(struct eventlog *l, const struct note *n);	/* into the batch in memory */
size_t eventlog_waiting(const struct eventlog *l);	/* bytes in it */
bool eventlog_write(struct eventlog *l, struct fault *why) MUST_USE;	/* the batch, to the file */
void eventlog_close(struct eventlog *l);		/* what still waits is dropped */

#endif
