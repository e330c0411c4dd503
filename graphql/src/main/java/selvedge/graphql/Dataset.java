package selvedge.graphql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A dataset of the schema: its dimensions, and the numbers of a group. */
enum Dataset {
  OPERATIONS(
      "kvOperationsAdaptiveGroups",
      "AccountKvOperationsAdaptiveGroups",
      List.of(GroupField.values()),
      """
        count: uint64!
        sum: %1$sSum
        quantiles: %1$sQuantiles
        avg: %1$sAvg
      """,
      """
      type %1$sSum { requests: uint64! objectBytes: uint64! }
      type %1$sAvg { sampleInterval: float64! }
      type %1$sQuantiles {
        latencyMsP25: float64!
        latencyMsP50: float64!
        latencyMsP75: float64!
        latencyMsP90: float64!
        latencyMsP99: float64!
        latencyMsP999: float64!
      }
      """,
      List.of("count", "sum_requests", "sum_objectBytes")),
  STORAGE(
      "kvStorageAdaptiveGroups",
      "AccountKvStorageAdaptiveGroups",
      GroupField.OF_STORAGE,
      """
        count: uint64!
        max: %1$sMax
      """,
      """
      type %1$sMax { keyCount: uint64! byteCount: uint64! }
      """,
      List.of("max_keyCount", "max_byteCount"));

  private final String field;
  private final String type;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
  private final List<GroupField> dimensions;

  private final String members;
  private final String types;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
  private final List<String> numbers;

  /**
   * @param members the fields of a group
   * @param types of these fields
   * @param numbers by which groups can be sorted
   */
  Dataset(
      String field,
      String type,
      List<GroupField> dimensions,
      String members,
      String types,
      List<String> numbers) {
    this.field = field;
    this.type = type;
    this.dimensions = dimensions;
    this.members = members;
    this.types = types;
    this.numbers = numbers;
  }

  /** Returns the name of the field of an account. */
  String field() {
    return field;
  }

  /** Returns the dimensions of a group. */
  List<GroupField> dimensions() {
    return dimensions;
  }

  /** Returns the declaration of the field of an account. */
  String declaration() {
    return "%s(filter: %2$sFilter_InputObject, limit: uint64, orderBy: [%2$sOrderBy!]): [%2$s!]!"
        .formatted(field, type);
  }

  /** Returns the declarations of the types. */
  String declarations() {
    return """
    type %1$s {
      dimensions: %1$sDimensions
    %2$s}
    type %1$sDimensions { %3$s }
    enum %1$sOrderBy { %4$s }
    input %1$sFilter_InputObject {
      AND: [%1$sFilter_InputObject!]
      OR: [%1$sFilter_InputObject!]
      %5$s
    }
    %6$s
    """
        .formatted(
            type,
            members.formatted(type),
            dimensions.stream()
                .map(each -> each.id() + ": " + each.type())
                .collect(Collectors.joining(" ")),
            orders(),
            dimensions.stream().map(Dataset::filters).collect(Collectors.joining(" ")),
            types.formatted(type));
  }

  private String orders() {
    List<String> names = new ArrayList<>(numbers);
    dimensions.forEach(each -> names.add(each.id()));
    return names.stream()
        .map(name -> name + "_ASC " + name + "_DESC")
        .collect(Collectors.joining(" "));
  }

  private static String filters(GroupField field) {
    return Arrays.stream(Filter.Comparison.values())
        .map(
            each ->
                field.id()
                    + each.suffix()
                    + ": "
                    + (each.isWithList() ? "[" + field.type() + "!]" : field.type()))
        .collect(Collectors.joining(" "));
  }
}
