#include "health.h"

/* section 4.4.1 */
static int repetition(struct health* health, uint8_t sample)
{
	if (health->seen > 0 && sample == health->last)
		return ++health->repetitions < REPETITION_CUTOFF;
	health->last = sample;
	health->repetitions = 1;
	return 1;
}

/* section 4.4.2 */
static int proportion(struct health* health, uint8_t sample)
{
	if (health->in_window == 0) {
		health->counted = sample;
		health->count = 0;
	}
	if (sample == health->counted)
		health->count++;
	health->in_window = (health->in_window + 1) % PROPORTION_WINDOW;
	return health->count < PROPORTION_CUTOFF;
}

int health_check(struct health* health, const uint8_t* samples, size_t length)
{
	size_t index;
	for (index = 0; index < length; index++) {
		int repeats = repetition(health, samples[index]);
		int counts = proportion(health, samples[index]);
		if (!repeats || !counts)
			health->failed = 1;
		health->seen = 1;
	}
	return !health->failed;
}
