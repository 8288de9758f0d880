/* The terminal as a device: modes, size, and bytes out without waiting. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "soth/buf.h"
#include "terminal.h"

static struct {
	int fd;
	struct termios before;
	struct buf out;
	bool raw;
} terminal = { .fd = -1 };

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };

/* Modes off, colours off, cursor on, the other screen back. */
#define TERMINAL_RESTORE "\033[?2026l\033[?1006l\033[?1000l\033[?2004l\033[?25h\033[0m\033[?1049l\r\n"

/* What a crashed program leaves behind must be a shell that works. */
static void
terminal_crashed(int number)
{
	if (terminal.raw) {
		(void)!write(terminal.fd, TERMINAL_RESTORE, sizeof(TERMINAL_RESTORE) - 1);
		tcsetattr(terminal.fd, TCSANOW, &terminal.before);
	}
	signal(number, SIG_DFL);
	raise(number);
}

bool
terminal_open(struct fault *why)
{
	terminal.fd = open("/dev/tty", O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (terminal.fd < 0 || tcgetattr(terminal.fd, &terminal.before)) {
		int reason = errno;

		terminal_close();
		return fault(why, "no terminal (%s): use `soth dump`", strerror(reason));
	}
	buf_init(&terminal.out, TERMINAL_WAITING_MAX);
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++) {
		struct sigaction act = { .sa_handler = terminal_crashed, .sa_flags = SA_RESETHAND };

		sigaction(crashes[i], &act, NULL);
	}
	return true;
}

void
terminal_close(void)
{
	if (terminal.fd < 0)
		return;
	terminal_cooked();
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		signal(crashes[i], SIG_DFL);
	close(terminal.fd);
	terminal.fd = -1;
	buf_release(&terminal.out);
}

void
terminal_raw(void)
{
	struct termios t = terminal.before;

	if (terminal.fd < 0)
		return;
	cfmakeraw(&t);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	terminal.raw = true;
	tcsetattr(terminal.fd, TCSANOW, &t);
}

void
terminal_cooked(void)
{
	if (terminal.fd >= 0 && terminal.raw)
		tcsetattr(terminal.fd, TCSANOW, &terminal.before);
	terminal.raw = false;
}

int
terminal_fd(void)
{
	return terminal.fd;
}

bool
terminal_size(int *rows, int *cols)
{
	struct winsize w;

	if (terminal.fd < 0 || ioctl(terminal.fd, TIOCGWINSZ, &w) || !w.ws_row || !w.ws_col)
		return false;
	*rows = w.ws_row;
	*cols = w.ws_col;
	return true;
}

void
terminal_put(struct bytes what)
{
	if (terminal.fd >= 0)
		(void)!buf_add(&terminal.out, what);
}

bool
terminal_waiting(void)
{
	return terminal.fd >= 0 && terminal.out.len;
}

bool
terminal_flush(void)
{
	while (terminal_waiting()) {
		ssize_t n = write(terminal.fd, terminal.out.at, terminal.out.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		buf_eat(&terminal.out, (size_t)n);
	}
	return true;
}

void
terminal_drain(int milliseconds)
{
	struct pollfd p = { terminal.fd, POLLOUT, 0 };

	while (terminal_flush() && terminal_waiting())
		if (poll(&p, 1, milliseconds) <= 0)
			return;
}
