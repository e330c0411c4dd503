package selvedge.benchmarks.race;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The medians of all entrants of a contest, in the order of the entrants. */
final class Standings {
  private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
  private final Map<String, Long> peaks = new LinkedHashMap<>();

  void add(String name, List<Sample> measured, long peakBytes) {
    samples.put(name, List.copyOf(measured));
    peaks.put(name, peakBytes);
  }

  List<String> names() {
    return List.copyOf(samples.keySet());
  }

  long peakBytes(String name) {
    return peaks.getOrDefault(name, 0L);
  }

  double perSecond(String name) {
    return median(name, Sample::perSecond);
  }

  double cpu(String name) {
    return median(name, Sample::cpu);
  }

  double median(String name, ToDoubleFunction<Sample> figure) {
    List<Sample> of = samples.get(name);
    if (of == null || of.isEmpty()) {
      return Double.NaN;
    }
    double[] sorted = of.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  boolean has(String name) {
    return samples.containsKey(name);
  }
}
