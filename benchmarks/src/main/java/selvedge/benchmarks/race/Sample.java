package selvedge.benchmarks.race;

/**
 * One measurement.
 *
 * @param perSecond operations
 * @param median time of one, in microseconds
 * @param p99 likewise
 * @param cpu time that the contestant's processes took for each, in microseconds
 */
record Sample(double perSecond, double median, double p99, double cpu) {}
