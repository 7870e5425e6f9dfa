// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * compare RUNS COMMAND... -- COMMAND...
 *
 * Runs both commands by turns, RUNS times each, their standard output thrown away, and prints
 * the median time of each in microseconds and the peak memory of the first in KiB. By turns,
 * so that whatever else the machine does hits both.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static void run_child(char **command)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	execvp(command[0], command);
	err(127, "%s", command[0]);
}

/* How long it took; it must succeed. */
static long run(char **command, long *peak)
{
	long begun = microseconds();
	pid_t pid = vfork();
	struct rusage usage;
	int status;

	if (pid < 0)
		err(1, "vfork");
	if (!pid)
		run_child(command);
	if (wait4(pid, &status, 0, &usage) != pid)
		err(1, "wait4");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		errx(1, "%s %s: failed", command[0], command[1] ? command[1] : "");
	if (peak && usage.ru_maxrss > *peak)
		*peak = usage.ru_maxrss;
	return microseconds() - begun;
}

static int compare_longs(const void *a, const void *b)
{
	const long *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static long median(long *times, int runs)
{
	qsort(times, (size_t)runs, sizeof(*times), compare_longs);
	return times[runs / 2];
}

int main(int argc, char **argv)
{
	int runs = argc > 1 ? atoi(argv[1]) : 0;
	char **first = argv + 2, **second = first;
	long *times_of_first, *times_of_second, peak = 0;
	int i;

	while (second < argv + argc && strcmp(*second, "--"))
		second++;
	if (runs < 1 || second >= argv + argc - 1 || second == first)
		errx(64, "usage: compare RUNS COMMAND... -- COMMAND...");
	*second++ = NULL;
	times_of_first = calloc((size_t)runs, sizeof(*times_of_first));
	times_of_second = calloc((size_t)runs, sizeof(*times_of_second));
	if (!times_of_first || !times_of_second)
		err(1, "calloc");
	for (i = 0; i < runs; i++) {
		times_of_first[i] = run(first, &peak);
		times_of_second[i] = run(second, NULL);
	}
	printf("%ld %ld %ld\n", median(times_of_first, runs), median(times_of_second, runs), peak);
	return 0;
}
