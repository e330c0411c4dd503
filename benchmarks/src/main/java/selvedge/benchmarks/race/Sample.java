package selvedge.benchmarks.race;

/**
 * One measurement.
 *
 * @param perSecond operations per second
 * @param median the median time of one operation in microseconds
 * @param p99 the 99th percentile of the same
 * @param cpu the CPU time of the contestant's processes per operation in microseconds
 */
record Sample(double perSecond, double median, double p99, double cpu) {}
