package selvedge.spring.test;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/** Leaves out all components except those that {@link SelvedgeTest} includes. */
final class SelvedgeTestFilter
    extends StandardAnnotationCustomizableTypeExcludeFilter<SelvedgeTest> {

  SelvedgeTestFilter(Class<?> testClass) {
    super(testClass);
  }
}
