package selvedge.verification.faults;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The calls on one key, and whether they are linearizable: whether there is an {@link Order} of
 * them.
 */
final class History {
  private final String held;
  private final List<Operation> operations;

  /**
   * @param held the content of the key before the first call
   */
  History(String held, List<Operation> operations) {
    this.held = held;
    this.operations = List.copyOf(operations);
  }

  /**
   * Returns whether such an order exists. Most calls without a response have left no trace, and an
   * order without them is found faster. Only where there is none, all calls are searched.
   */
  boolean isLinearizable() {
    List<Operation> seen = withoutUnseen();
    try {
      return new Order(held, seen).exists()
          || (seen.size() < operations.size() && new Order(held, operations).exists());
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + ":\n" + this, e);
    }
  }

  /** Returns the calls without those that had no response and whose value no other call names. */
  private List<Operation> withoutUnseen() {
    Set<String> seen = new HashSet<>();
    for (Operation each : operations) {
      switch (each.step()) {
        case Operation.Get get -> seen.add(get.value());
        case Operation.Swap swap -> seen.add(swap.expected());
        default -> {}
      }
    }
    return operations.stream()
        .filter(
            each ->
                each.isAnswered()
                    || switch (each.step()) {
                      case Operation.Put put -> seen.contains(put.value());
                      case Operation.Swap swap -> seen.contains(swap.value());
                      default -> true;
                    })
        .toList();
  }

  /** Returns the calls in the order of their start, one per line. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    operations.stream()
        .sorted(Comparator.comparingLong(Operation::invoked))
        .forEach(operation -> text.append(operation).append('\n'));
    return text.toString();
  }
}
